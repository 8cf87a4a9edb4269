"""People who complete user tasks over HTTP and write down what they were told."""

import http.client
import random
import re
import time
from collections import Counter
from datetime import UTC, datetime
from queue import Empty, SimpleQueue

from tests.integration.operations.dealership import Dealership
from tests.integration.reliability.product import Answer, Person

INCIDENT_NUMBER = re.compile("<code>[0-9a-f]{32}</code>")
DONE, CHANGED, FAULT, BUSY = 303, 409, 500, 503


def open_cases(dealership: Dealership, count: int, assignee: str | None = None) -> list[str]:
    """Ids of the user tasks `check` of new cases."""
    session, ids = dealership.session, []
    for number in range(count):
        case = dealership.start(now=datetime.now(UTC))
        user_task_id = dealership.user_task(case, "check")
        if assignee:
            dealership.claim(case, "check", assignee, datetime.now(UTC))
        ids.append(user_task_id)
        if number % 20 == 0:
            session.commit()
    session.commit()
    return ids


def complete(person: Person, user_task_id: str) -> Answer:
    return person.send(f"/user-tasks/{user_task_id}/complete", verdict="send", note="a secret", score="")


class Ledger:
    """What people were told. `unanswered` are completions whose answer never came: they may have happened."""

    def __init__(self, *, is_database_mortal: bool = False) -> None:
        self._is_database_mortal = is_database_mortal
        self.acknowledged: list[str] = []
        self.unanswered: set[str] = set()
        self.statuses: Counter[int] = Counter()

    def work_off(self, person: Person, waiting: "SimpleQueue[str]") -> None:
        while True:
            try:
                user_task_id = waiting.get_nowait()
            except Empty:
                return
            deadline = time.monotonic() + 30
            while not self._is_done(person, user_task_id):
                assert time.monotonic() < deadline, (user_task_id, self.statuses)
                time.sleep(0.1)
            time.sleep(random.uniform(0.02, 0.2))  # nobody types faster

    def _is_done(self, person: Person, user_task_id: str) -> bool:
        """Not without an answer, nor with a fault of ours that can be traced: who gets one of these tries again."""
        try:
            answer = complete(person, user_task_id)
        except (OSError, http.client.HTTPException):
            self.unanswered.add(user_task_id)
            return False
        self.statuses[answer.status] += 1
        assert answer.status in (DONE, CHANGED, BUSY) or self._is_traceable(answer), answer.text
        if answer.status == DONE:
            self.acknowledged.append(user_task_id)
        elif answer.status == FAULT:
            self.unanswered.add(user_task_id)
        return answer.status == DONE or (answer.status == CHANGED and user_task_id in self.unanswered)

    def _is_traceable(self, answer: Answer) -> bool:
        return self._is_database_mortal and answer.status == FAULT and INCIDENT_NUMBER.search(answer.text) is not None
