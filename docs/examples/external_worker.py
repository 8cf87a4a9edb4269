"""A worker for the topic `price`, with the package camunda-external-task-client-python3.

Settings: AFTERCARE_URL such as http://127.0.0.1:8080, AFTERCARE_TOKEN with the scope `workers`.
"""

import os

from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker

SETTINGS = {
    "maxTasks": 1,
    "lockDuration": 5_000,  # milliseconds: as long as the work may take
    "asyncResponseTimeout": 5_000,  # how long a fetch waits for work
    "retries": 3,
    "retryTimeout": 2_000,
    "sleepSeconds": 1,  # after an error, such as a server that is away for a moment
    "auth_bearer": {"access_token": os.environ["AFTERCARE_TOKEN"]},
}


def quote(external_task: ExternalTask) -> TaskResult:
    """Look the price of an order up. It may be asked for twice: after a crash nobody knows that it was done."""
    number = external_task.get_variable("number")
    if number is None:
        return external_task.bpmn_error("sold_out", "There is no such order")
    return external_task.complete({"price": number * 2})


if __name__ == "__main__":
    url = os.environ["AFTERCARE_URL"]
    ExternalTaskWorker("price-worker-python", f"{url}/engine-rest", SETTINGS).subscribe(["price"], quote)
