"""Takes events of Aftercare: checks the signature and the time, and does each event once.

Run: AFTERCARE_WEBHOOK_SECRET=whsec_… python verify_webhook.py 8090
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

OLDEST_SECONDS = 300
SECRET = os.environ["AFTERCARE_WEBHOOK_SECRET"]


def is_genuine(headers, body, secret=SECRET):
    """Whether it comes from who knows the secret, and just now."""
    message_id, moment = headers.get("Webhook-Id", ""), headers.get("Webhook-Timestamp", "")
    if not moment.isascii() or not moment.isdigit() or abs(time.time() - int(moment)) > OLDEST_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), moment.encode(), body))  # the very bytes that came, not JSON made anew
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    # While a secret is replaced there are two signatures, and one of them is ours.
    given = headers.get("Webhook-Signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


# In a program of your own a table: ids come again after a lost answer, and when somebody repeats them.
seen = set()


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to what is genuine, 401 to everything else."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_genuine(self.headers, body):
            self.answer(401)
            return
        event = json.loads(body)
        if event["id"] not in seen:
            sys.stdout.write(f"{event['kind']} {event['id']}\n")
            sys.stdout.flush()
            seen.add(event["id"])
        self.answer(204)  # only an answer from 200 to 299, within ten seconds, says that it was taken

    def answer(self, status):
        self.send_response(status)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
