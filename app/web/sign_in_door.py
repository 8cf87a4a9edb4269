"""A crowd that signs in waits at the door, so that the pages of those who work do not wait for the crowd (W24)."""

import threading
from contextlib import ExitStack

from flask import Flask, Request, g

from app.errors import Busy
from app.i18n import N_

ENDPOINT = "sign_in.sign_in"
# Whoever waits keeps a thread, of which pages need most; whoever is inside computes, at the cost of everybody's pages.
INSIDE, MOST_WAITING, LONGEST_WAIT_SECONDS = 2, 8, 5.0

_inside = threading.BoundedSemaphore(INSIDE)
_waiting = threading.BoundedSemaphore(INSIDE + MOST_WAITING)
_sent_away = threading.Lock()


def install(app: Flask) -> None:
    """Let the next one in when an answer is sent."""
    app.teardown_request(_leave)


def wait_at_the_door(asking: Request) -> None:
    """Before anything is done for somebody who signs in. Raises Busy where too many do."""
    if asking.method != "POST" or asking.endpoint != ENDPOINT:
        return
    held = g.at_the_door = ExitStack()
    if _waiting.acquire(blocking=False):
        held.callback(_waiting.release)
        if _inside.acquire(timeout=LONGEST_WAIT_SECONDS):
            held.callback(_inside.release)
            return
    held.enter_context(_sent_away)  # one by one: many pages at once that say so would be a crowd again
    raise Busy(N_("Too many people are signing in at this moment. Try again in a few seconds."))


def _leave(_error: BaseException | None) -> None:
    if "at_the_door" in g:
        g.at_the_door.close()
