// Takes events of Aftercare: checks the signature and the time, and does each event once.
//
// Run: AFTERCARE_WEBHOOK_SECRET=whsec_… node verify_webhook.mjs 8090

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const OLDEST_SECONDS = 300;
const key = Buffer.from(process.env.AFTERCARE_WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");

function isGenuine(headers, body) {
  const id = headers["webhook-id"] ?? "";
  const moment = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(moment) || Math.abs(Date.now() / 1000 - Number(moment)) > OLDEST_SECONDS) return false;
  // The very bytes that came, not JSON made anew.
  const digest = createHmac("sha256", key).update(`${id}.${moment}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${digest}`);
  // While a secret is replaced there are two signatures, and one of them is ours.
  return (headers["webhook-signature"] ?? "")
    .split(" ")
    .map((one) => Buffer.from(one))
    .some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

const seen = new Set(); // in a program of your own a table

createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    if (!isGenuine(request.headers, body)) {
      response.writeHead(401).end();
      return;
    }
    const event = JSON.parse(body);
    if (!seen.has(event.id)) console.log(event.kind, event.id);
    seen.add(event.id);
    response.writeHead(204).end(); // only an answer from 200 to 299, within ten seconds, says that it was taken
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
