"""Groups: named, demanded a second factor of, only by who administers the whole company."""

import json
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Group, HistoryEvent
from app.operations.actor import SYSTEM
from app.operations.departments import create_department, set_departments
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from tests.integration.web.browser import signed_in
from tests.integration.web.filling import CHIEF, HERE, STRANGER


def test_group_is_added_and_changed_with_old_and_new_in_the_history(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    chief = signed_in(app, CHIEF)
    added = chief.post("/admin/groups", {"id": "driver", "name_zh": "接待司机", "name_en": "Drivers"})
    assert added.headers["Location"] == "/admin/groups/driver"
    changed = chief.post(
        "/admin/groups/driver", {"name_zh": "接待司机", "name_en": " Chauffeurs ", "requires_second_factor": "yes"}
    )
    assert changed.status_code == 303
    assert "Chauffeurs" in chief.get("/admin/groups").text
    with sessions() as session:
        group = session.get_one(Group, "driver")
        assert (group.name_en, group.requires_second_factor) == ("Chauffeurs", True)
        events = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "group_changed")).all()
        body = json.loads(events[0].canonical)["body"]
        assert body["changes"] == {"name_en": {"old": "Drivers", "new": "Chauffeurs"}}
        assert events[0].actor_id == CHIEF
    page = chief.get("/admin/history?subject=groups").text
    assert page.index("Group changed") < page.index("Group added"), "the newest first"
    assert "<del>Drivers</del> → <ins>Chauffeurs</ins>" in page
    assert "Group added" not in chief.get("/admin/history?subject=groups&actor=nobody").text


def test_changes_of_people_are_read_by_who_looks_after_their_sites(
    app: Flask, people: None, sessions: sessionmaker[Session]
) -> None:
    with writing(), sessions() as session:
        event = Event("user_changed", {"user": "service_advisor"})
        append_events(session, CONFIGURATION_STREAM, [event], actor=SYSTEM, now=datetime.now(UTC))
        session.commit()
    pages = [signed_in(app, name).get("/admin/history?subject=people").text for name in (STRANGER, "auditor")]
    assert ["Person changed" in page for page in pages] == [False, True]


def test_departments_are_told_by_name(app: Flask, people: None, sessions: sessionmaker[Session]) -> None:
    now = datetime.now(UTC)
    with writing(), sessions() as session:
        paint = create_department(session, HERE, name_zh="喷漆", name_en="Paint", actor=SYSTEM, now=now)
        set_departments(session, "service_advisor", [paint], actor=SYSTEM, now=now)
        session.commit()
    page = signed_in(app, CHIEF).get("/admin/history?subject=people").text
    assert "<dt>Added</dt><dd>Paint</dd>" in page


def test_what_was_typed_stays_when_it_is_refused(app: Flask, people: None) -> None:
    chief = signed_in(app, CHIEF)
    answer = chief.post("/admin/groups", {"id": "Driver!", "name_zh": "接待司机", "name_en": "Drivers"})
    assert answer.status_code == 422
    assert 'value="Driver!"' in answer.text
    assert 'value="接待司机"' in answer.text
    assert 'aria-describedby="id-hint id-error"' in answer.text
    taken = chief.post("/admin/groups", {"id": "admin", "name_zh": "x", "name_en": "x"})
    assert taken.status_code == 409
    empty = chief.post("/admin/groups/admin", {"name_zh": "", "name_en": "x"})
    assert empty.status_code == 422
    assert 'aria-describedby="name_zh-error"' in empty.text


def test_administrator_of_one_site_reads_and_changes_nothing_of_the_company(app: Flask, people: None) -> None:
    admin = signed_in(app, "admin")
    page = admin.get("/admin/groups/cr_advisor").text
    assert "Cr Advisor" in page
    assert "Stranger" not in page  # works at another site
    assert "<textarea" not in page
    assert admin.post("/admin/groups/cr_advisor", {"name_zh": "x", "name_en": "x"}).status_code == 403


def test_administration_is_in_the_navigation_of_who_may(app: Flask, people: None) -> None:
    assert "/admin/groups" in signed_in(app, "admin").get("/inbox").text
    others = signed_in(app, "process_owner").get("/inbox").text
    assert "/admin/groups" not in others
    assert 'href="/admin"' not in others  # a single page of it leads nowhere that is refused
    assert "/admin" not in signed_in(app, "cr_advisor").get("/inbox").text
