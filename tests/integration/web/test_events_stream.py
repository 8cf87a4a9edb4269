"""The stream of events: who hears of what, when it ends, how many there may be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.database import Base, writing
from app.models import Comment, HistoryEvent, UserTask, UserTaskCandidate
from app.models.inbox_changes import changed_inboxes, newest_sequence
from app.operations.actor import Actor
from app.operations.history import Event, append_events
from app.operations.notifications import notify
from app.web import events_stream, inbox_watcher
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.dealership import HERE
from tests.integration.web.small_case import add_case, add_user_task

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_watcher, "SECONDS_BETWEEN_LOOKS", 0.02)
    monkeypatch.setattr(events_stream, "HEARTBEAT_SECONDS", 0.5)


class Stream:
    """A stream opened by a browser, read piece by piece."""

    def __init__(self, browser: Browser) -> None:
        self.answer: TestResponse = browser.get("/events", buffered=False)
        self._pieces: Iterator[bytes] = iter(self.answer.response)

    def next(self) -> str:
        piece = next(self._pieces)
        return piece if isinstance(piece, str) else piece.decode()

    def close(self) -> None:
        self.answer.close()


@pytest.fixture
def streams() -> Iterator[list[Stream]]:
    opened: list[Stream] = []
    yield opened
    for stream in opened:
        stream.close()


def _open(app: Flask, user_id: str, streams: list[Stream]) -> Stream:
    browser = signed_in(app, user_id)
    stream = Stream(browser)
    streams.append(stream)
    assert stream.next().startswith("retry: ")
    return stream


def _happen(engine: Engine, user_task_id: str, type_: str = "user_task_opened") -> None:
    with writing(), Session(engine) as session:
        happened = Event(type_, {}, activity_id=user_task_id)
        append_events(session, "case:one", [happened], actor=Actor("system"), now=NOW, instance_id="one", site_id=HERE)
        session.commit()


@pytest.fixture
def user_task(app: Flask, people: None, main_engine: Engine) -> str:
    """A user task for the CR advisors of one site, in a case started by the service advisor."""
    with writing(), Session(main_engine) as session:
        add_case(session, "one", HERE, "service_advisor")
        add_user_task(session, "call", "one", HERE, "cr_advisor")
        session.commit()
    return "call"


def test_those_it_concerns_hear_of_it_and_nobody_else(
    app: Flask, user_task: str, main_engine: Engine, streams: list[Stream]
) -> None:
    concerned = [_open(app, user, streams) for user in ("cr_advisor", "service_advisor")]
    others = [_open(app, user, streams) for user in ("service_manager", "stranger")]
    _happen(main_engine, user_task)
    for stream in concerned:
        assert stream.next() == "event: inbox-changed\ndata: 1\n\n"
    for stream in others:
        assert stream.next() == ": still here\n\n"


def test_assignee_hears_of_it(app: Flask, user_task: str, main_engine: Engine, streams: list[Stream]) -> None:
    with writing(), Session(main_engine) as session:
        session.get_one(UserTask, user_task).assignee_id = "general_manager"
        session.commit()
    stream = _open(app, "general_manager", streams)
    _happen(main_engine, user_task, "user_task_claimed")
    assert "inbox-changed" in stream.next()


def test_a_comment_is_told_to_who_takes_part_in_the_discussion(
    app: Flask, user_task: str, main_engine: Engine, streams: list[Stream]
) -> None:
    with writing(), Session(main_engine) as session:
        session.add(
            Comment(
                id="c", instance_id="one", site_id=HERE, author_id="service_manager", text="x",
                mentions=["general_manager"], written_at=NOW,
            )
        )  # fmt: skip
        session.commit()
    taking_part = [_open(app, user, streams) for user in ("service_manager", "general_manager")]
    other = _open(app, "stranger", streams)
    _happen(main_engine, user_task, "comment_written")
    for stream in taking_part:
        assert "inbox-changed" in stream.next()
    assert other.next() == ": still here\n\n"


def test_what_happened_before_is_not_told(
    app: Flask, user_task: str, main_engine: Engine, streams: list[Stream]
) -> None:
    _happen(main_engine, user_task)
    assert _open(app, "cr_advisor", streams).next() == ": still here\n\n"


def test_watcher_rests_without_streams_and_wakes_again(
    app: Flask, user_task: str, main_engine: Engine, streams: list[Stream]
) -> None:
    _open(app, "cr_advisor", streams).close()
    thread = app.extensions[events_stream.KEY]._thread
    if thread:
        thread.join(2)
    assert app.extensions[events_stream.KEY]._thread is None
    stream = _open(app, "cr_advisor", streams)
    _happen(main_engine, user_task)
    assert "inbox-changed" in stream.next()


def test_stream_ends_with_the_session(
    app: Flask, user_task: str, session_clock: SteppedClock, streams: list[Stream]
) -> None:
    stream = _open(app, "cr_advisor", streams)
    session_clock.ahead = timedelta(hours=1)
    assert stream.next() == "event: signed-out\ndata: 1\n\n"
    with pytest.raises(StopIteration):
        stream.next()


def test_stream_ends_after_a_while_so_that_the_browser_comes_again(
    app: Flask, people: None, streams: list[Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_stream, "LONGEST_SECONDS", 0.0)
    stream = _open(app, "cr_advisor", streams)
    with pytest.raises(StopIteration):
        stream.next()


def test_streams_end_when_the_process_is_about_to(app: Flask, people: None, streams: list[Stream]) -> None:
    stream = _open(app, "cr_advisor", streams)
    events_stream.end_streams(app)
    with pytest.raises(StopIteration):
        stream.next()
    browser = signed_in(app, "cr_advisor")
    assert browser.get("/events").status_code == 204


def test_streams_are_capped_per_person_and_in_all(app: Flask, people: None, streams: list[Stream]) -> None:
    for _ in range(inbox_watcher.STREAMS_PER_PERSON):
        _open(app, "cr_advisor", streams)
    browser = signed_in(app, "cr_advisor")
    assert browser.get("/events").status_code == 204
    for user in ("admin", "auditor"):
        _open(app, user, streams)
    browser.sign_in("service_manager")
    assert browser.get("/events").status_code == 204  # six in all: the limit of these tests
    streams[0].close()
    _open(app, "service_manager", streams)


def test_open_stream_holds_no_connection(app: Flask, people: None, main_engine: Engine, streams: list[Stream]) -> None:
    stream = _open(app, "cr_advisor", streams)
    stream.next()
    assert main_engine.pool.checkedout() <= 1  # the watcher's, at most  # type: ignore[attr-defined]


def test_proxies_are_told_not_to_hold_it_back(app: Flask, people: None, streams: list[Stream]) -> None:
    answer = _open(app, "cr_advisor", streams).answer
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cache-Control"] == "no-store"


def test_event_committed_late_with_a_lower_sequence_is_not_missed(
    app: Flask, user_task: str, main_engine: Engine
) -> None:
    _happen(main_engine, user_task)
    with Session(main_engine) as session:
        newest = newest_sequence(session)
        row = session.get_one(HistoryEvent, newest)
        values = {column.key: getattr(row, column.key) for column in HistoryEvent.__table__.columns}
    values |= {"sequence": newest + 5, "stream_sequence": 7, "hash": b"x" * 32}
    with writing(), Session(main_engine) as session:
        session.execute(insert(Base.metadata.tables["history_event"]), [values])
        session.commit()
    with Session(main_engine) as session:
        seen = changed_inboxes(session, 0, ())
        assert {newest, newest + 5} <= seen.sequences
        assert not changed_inboxes(session, 0, seen.sequences).sequences
    with writing(), Session(main_engine) as session:
        values |= {"sequence": newest + 2, "stream_sequence": 8, "hash": b"y" * 32}
        session.execute(insert(Base.metadata.tables["history_event"]), [values])
        session.commit()
    with Session(main_engine) as session:
        late = changed_inboxes(session, newest + 5 - 200, seen.sequences)
    assert late.sequences == {newest + 2}
    assert ("cr_advisor", HERE) in late.groups
    assert {"service_advisor"} <= late.users


def test_candidate_rows_of_persons_count(app: Flask, user_task: str, main_engine: Engine) -> None:
    with writing(), Session(main_engine) as session:
        session.add(
            UserTaskCandidate(
                user_task_id=user_task, kind="user", candidate_id="admin", site_id=HERE, is_claimable=True, due_sort=NOW
            )
        )
        session.commit()
    _happen(main_engine, user_task)
    with Session(main_engine) as session:
        assert "admin" in changed_inboxes(session, 0, ()).users


def test_who_is_told_something_hears_of_it(
    app: Flask, people: None, main_engine: Engine, streams: list[Stream]
) -> None:
    told, other = _open(app, "cr_advisor", streams), _open(app, "auditor", streams)
    with writing(), Session(main_engine) as session:
        notify(session, ["cr_advisor"], "mentioned", params={}, actor=Actor("admin"), now=NOW)
        session.commit()
    assert told.next() == events_stream.NOTIFIED
    assert told.next() == events_stream.HEARTBEAT  # once
    assert other.next() == events_stream.HEARTBEAT
