"""Jobs as administrators see and change them: at their sites, with a reason where nothing brings them back."""

import json
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import HistoryEvent, Incident, Job
from app.models.paging import PAGE
from app.web.admin.jobs import KIND_NAMES, KINDS
from tests.integration.web.browser import signed_in
from tests.integration.web.dealership import ELSEWHERE, HERE, MARKER, Dealership
from tests.integration.web.filling import CHIEF, STRANGER

NOW = Dealership.now - timedelta(hours=12)


def _add(sessions: sessionmaker[Session], *jobs: Job) -> None:
    with writing(), sessions() as session:
        session.add_all(jobs)
        session.commit()


def _job(job_id: str, **values: object) -> Job:
    made = {"kind": "message", "state": "pending", "site_id": HERE, "run_at": NOW, "created_at": NOW, **values}
    return Job(id=job_id, **made)


def _state(sessions: sessionmaker[Session], job_id: str) -> tuple[str, int]:
    with sessions() as session:
        job = session.get_one(Job, job_id)
        return job.state, job.attempts


def test_what_was_given_up_is_listed_and_done_once_more(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    admin = signed_in(app, "admin")
    page = admin.get("/admin/jobs?state=dead")
    assert f"Unreachable: {MARKER}" in page.text
    assert f"/admin/jobs/{dealership.job_id}" in page.text
    assert admin.post(f"/admin/jobs/{dealership.job_id}/run").status_code == 303
    assert _state(sessions, dealership.job_id) == ("pending", 0)
    assert "No such job" in admin.get("/admin/jobs?state=dead").text
    with sessions() as session:
        told = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "job_run_now")).one()
        assert json.loads(told.canonical)["body"]["state"] == "dead"
        assert told.actor_id == "admin"


def test_the_incident_of_a_job_is_looked_after_with_it(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    with writing(), sessions() as session:
        session.get_one(Incident, dealership.incident_id).job_id = dealership.job_id
        session.commit()
    signed_in(app, "admin").post(f"/admin/jobs/{dealership.job_id}/run")
    with sessions() as session:
        assert not session.get_one(Incident, dealership.incident_id).is_open
    assert _state(sessions, dealership.job_id) == ("pending", 0)


def test_a_job_that_a_program_suspended_goes_on(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    held = {"kind": "timer", "state": "suspended", "is_suspended": True, "instance_id": dealership.instance_id}
    _add(sessions, _job("held", **held), _job("with_its_case", **{**held, "is_suspended": False}))
    admin = signed_in(app, "admin")
    assert "/admin/jobs/held/resume" not in admin.get("/admin/jobs/with_its_case").text
    assert "/admin/jobs/held/resume" in admin.get("/admin/jobs/held").text
    assert admin.post("/admin/jobs/held/resume").status_code == 303
    assert _state(sessions, "held") == ("pending", 0)
    with sessions() as session:
        told = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "job_resumed")).one()
    assert (told.actor_id, told.instance_id) == ("admin", dealership.instance_id)


def test_w09_cancelling_needs_a_reason_and_is_told(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    admin = signed_in(app, "admin")
    path = f"/admin/jobs/{dealership.job_id}/cancel"
    refused = admin.post(path, {"reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert admin.post(path, {"reason": "sent by hand"}).status_code == 303
    assert _state(sessions, dealership.job_id)[0] == "cancelled"
    again = admin.post(path, {"reason": "sent by hand"})
    assert again.status_code == 409
    assert "sent by hand" not in again.text or "Cancelled" in again.text
    with sessions() as session:
        told = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "job_cancelled")).one()
        assert json.loads(told.canonical)["reason"] == "sent by hand"


def test_a_job_that_a_case_waits_for_is_not_cancelled(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    _add(sessions, _job("timer1", kind="timer", instance_id=dealership.instance_id, run_at=NOW + timedelta(days=1)))
    admin = signed_in(app, "admin")
    assert "Cancel the job" not in admin.get("/admin/jobs/timer1").text
    refused = admin.post("/admin/jobs/timer1/cancel", {"reason": "x"})
    assert refused.status_code == 409
    assert "A case waits for this job" in refused.text
    assert admin.post("/admin/jobs/timer1/run").status_code == 303
    assert _state(sessions, "timer1")[0] == "pending"


def test_sites_are_kept_apart(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    _add(sessions, _job("away", site_id=ELSEWHERE), _job("everybody", site_id=None))
    admin, stranger, chief = (signed_in(app, name) for name in ("admin", STRANGER, CHIEF))
    for path, statuses in {
        "/admin/jobs/away": (404, 200, 200),
        "/admin/jobs/everybody": (404, 404, 200),
        f"/admin/jobs/{dealership.job_id}": (200, 404, 200),
    }.items():
        assert tuple(browser.get(path).status_code for browser in (admin, stranger, chief)) == statuses, path
    assert MARKER not in stranger.get("/admin/jobs?state=dead").text
    assert "/admin/jobs/away" in stranger.get("/admin/jobs").text
    assert stranger.post(f"/admin/jobs/{dealership.job_id}/run").status_code in (403, 404)


def test_pages_follow_one_another(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    del dealership
    kinds = ("message", "timer", "connector")
    jobs = (_job(f"j{n:03d}", kind=kinds[n % 3], run_at=NOW - timedelta(minutes=n)) for n in range(PAGE + 20))
    _add(sessions, *jobs)
    admin = signed_in(app, "admin")
    first = admin.get("/admin/jobs").text
    assert first.count("/admin/jobs/j") == PAGE
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = admin.get(address).text
    assert rest.count("/admin/jobs/j") == 20
    assert f"/admin/jobs/j{PAGE + 19:03d}" in first
    assert "/admin/jobs/j000" in rest
    assert admin.get("/admin/jobs?kind=timer&state=pending").text.count("/admin/jobs/j") == 23


def test_every_kind_of_job_has_a_name() -> None:
    assert set(KINDS) <= set(KIND_NAMES)
