"""Server-sent events: tells a browser that its person's inbox changed, or that there is something new at the bell.

No data travels, only the fact.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from flask import Blueprint, Flask, Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from app.clock import Clock
from app.config import Config
from app.extensions import db
from app.models.signed_in_person import Person, find_signed_in_person
from app.models.stand_ins import find_stand_ins
from app.web.current import current_person, current_time
from app.web.inbox_watcher import InboxWatcher, News, Subscription
from app.web.permissions import signed_in

KEY = "inbox_watcher"
HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0  # then the browser comes again, maybe to another process
NEXT_TRY_MILLISECONDS = 3000
CHANGED = "event: inbox-changed\ndata: 1\n\n"
NOTIFIED = "event: notified\ndata: 1\n\n"
SIGNED_OUT = "event: signed-out\ndata: 1\n\n"
HEARTBEAT = ": still here\n\n"
NEWS = ((News.INBOX, CHANGED), (News.BELL, NOTIFIED))

blueprint = Blueprint("events", __name__)


def install(app: Flask, config: Config) -> None:
    """Make the watcher of this process; it begins to work with the first stream."""
    with app.app_context():
        app.extensions[KEY] = InboxWatcher(db.engine, config.max_streams)


def end_streams(app: Flask) -> None:
    """Let the process stop quickly: streams would hold it up until they end by themselves."""
    cast(InboxWatcher, app.extensions[KEY]).end_streams()


@blueprint.get("/events")
@signed_in
def events() -> ResponseReturnValue:
    """A stream of `inbox-changed` and `notified`; 204, which tells the browser to poll, when there are too many."""
    watcher = cast(InboxWatcher, current_app.extensions[KEY])
    person = current_person()
    stand_ins = find_stand_ins(db.session(), person.id, current_time())
    db.session.rollback()  # the stream stays open long and holds no connection
    subscription = watcher.subscribe(person, stand_ins)
    if subscription is None:
        return "", 204
    clock = current_app.extensions["session_clock"]
    is_still_signed_in = partial(_is_still_signed_in, db.engine, clock, subscription.person)
    answer = Response(_stream(subscription, is_still_signed_in), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(lambda: watcher.unsubscribe(subscription))
    return answer


def _is_still_signed_in(engine: Engine, clock: Clock, person: Person) -> bool:
    """Asked outside of any request, with a connection held no longer than the question."""
    return find_signed_in_person(engine, person.token_hash, clock()) is not None


def _stream(subscription: Subscription, is_still_signed_in: Callable[[], bool]) -> Iterator[str]:
    until = time.monotonic() + LONGEST_SECONDS
    yield f"retry: {NEXT_TRY_MILLISECONDS}\n\n"
    while time.monotonic() < until:
        subscription.woken.wait(HEARTBEAT_SECONDS)
        subscription.woken.clear()
        if subscription.is_over.is_set():
            return
        if not is_still_signed_in():
            yield SIGNED_OUT
            return
        yield "".join(news for what, news in NEWS if subscription.take(what)) or HEARTBEAT
