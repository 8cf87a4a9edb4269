// A worker for the topic `price`, with the package camunda-external-task-client-js.
//
// Settings: AFTERCARE_URL such as http://127.0.0.1:8080, AFTERCARE_TOKEN with the scope `workers`.

import { Client, logger, Variables } from "camunda-external-task-client-js";

const token = process.env.AFTERCARE_TOKEN;
const withToken = (request) => ({ ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } });

const client = new Client({
  baseUrl: `${process.env.AFTERCARE_URL}/engine-rest`,
  workerId: "price-worker-js",
  use: logger,
  interceptors: withToken,
  lockDuration: 5000, // milliseconds: as long as the work may take
  asyncResponseTimeout: 5000, // how long a fetch waits for work
  interval: 500, // between two fetches
});

// It may be asked for twice: after a crash nobody knows that it was done.
client.subscribe("price", async ({ task, taskService }) => {
  const number = task.variables.get("number");
  if (number === null || number === undefined) {
    await taskService.handleBpmnError(task, "sold_out", "There is no such order");
    return;
  }
  await taskService.complete(task, new Variables().set("price", number * 2));
});
