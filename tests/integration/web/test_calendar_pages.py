"""The working calendar of a site: hours, days and holidays changed, with old and new in the history, used at once."""

import json
from datetime import UTC, datetime
from decimal import Decimal

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.models import HistoryEvent
from app.operations.working_calendars import working_calendar_of
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, HERE

PAGE = f"/admin/sites/{HERE}/calendar"
HOURS = {f"hours_{day}": "9-12, 13:00-18" for day in range(6)}


def events(sessions: sessionmaker[Session], event_type: str) -> list[dict[str, object]]:
    with sessions() as session:
        query = select(HistoryEvent).where(HistoryEvent.type == event_type)
        rows = session.scalars(query.order_by(HistoryEvent.stream_sequence))
        return [json.loads(row.canonical)["body"] for row in rows]


def due(sessions: sessionmaker[Session], start: datetime) -> datetime:
    """A working day after a moment, as due dates are computed from now on."""
    with sessions() as session:
        return working_calendar_of(session, HERE).add_working_days(start, Decimal(1)).astimezone(UTC)


@SQLITE_ONLY
def test_the_calendar_is_changed_and_used_at_once(app: Flask, people: None, sessions: sessionmaker[Session]) -> None:
    app.extensions["clock"] = lambda: datetime(2026, 4, 15, 2, tzinfo=UTC)
    admin = signed_in(app, "admin")
    assert "the public holidays of 2026 are missing" in admin.get("/admin").text
    assert "the public holidays of 2026 are missing" in admin.get("/admin/sites").text
    assert admin.post(f"{PAGE}/holidays", {"year": "2026"}).headers["Location"] == f"{PAGE}?year=2026"
    page = admin.get(f"{PAGE}?year=2026").text
    assert "Labour Day" in page
    assert "are missing" not in admin.get("/admin").text
    before_labour_day = datetime(2026, 4, 30, 2, tzinfo=UTC)  # a Thursday at 10:00
    assert due(sessions, before_labour_day) == datetime(2026, 5, 6, 2, tzinfo=UTC)  # 1 to 5 May are off
    day = {"first_day": "2026-05-05", "kind": "working", "name": "stocktaking"}
    assert admin.post(f"{PAGE}/days", day).status_code == 303
    assert due(sessions, before_labour_day) == datetime(2026, 5, 5, 2, tzinfo=UTC)
    assert admin.post(f"{PAGE}/hours", {**HOURS, "hours_0": "9-19"}).status_code == 303
    assert due(sessions, before_labour_day) == datetime(2026, 5, 5, 2, tzinfo=UTC)
    assert admin.post(f"{PAGE}/days/remove", {"day": "2026-05-05"}).status_code == 303
    taken, changed, removed = events(sessions, "calendar_days_changed")
    assert taken["year"] == 2026
    old = {"is_working": False, "name": "Labour Day"}
    new = {"is_working": True, "name": "stocktaking"}
    assert changed["changes"] == {"2026-05-05": {"old": old, "new": new}}
    assert removed["changes"] == {"2026-05-05": {"old": new, "new": None}}
    (hours,) = events(sessions, "working_hours_changed")
    assert hours["changes"]["0"] == {"old": "08:30-12:00, 13:30-18:00", "new": "09:00-19:00"}  # type: ignore[index]


@SQLITE_ONLY
def test_what_cannot_be_meant_is_refused_and_stays_typed(app: Flask, people: None) -> None:
    admin = signed_in(app, "admin")
    answer = admin.post(f"{PAGE}/hours", {**HOURS, "hours_2": "9-12, 11-13"})
    assert answer.status_code == 422
    assert "9-12, 11-13" in answer.text
    assert "they must not overlap" in answer.text
    assert admin.post(f"{PAGE}/hours", {}).status_code == 422  # nobody would ever work
    for days in ({"first_day": "soon"}, {"first_day": "2026-05-02", "last_day": "2026-05-01"}):
        assert admin.post(f"{PAGE}/days", {"kind": "off", "name": "x", **days}).status_code == 422
    answer = admin.post(f"{PAGE}/holidays", {"year": "2199"})
    assert answer.status_code == 422
    assert "not known yet" in answer.text
    elsewhere = f"/admin/sites/{ELSEWHERE}/calendar"
    assert admin.post(f"{elsewhere}/hours", HOURS).status_code == 404
