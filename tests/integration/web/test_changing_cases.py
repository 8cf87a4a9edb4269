"""Pages on which owners change cases, incidents and versions, on both databases."""

import html
import json
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.engine.outcome import RaisedIncident
from app.models import CaseBatch, Incident, Job, ProcessDefinition, ProcessInstance, UserTask, Variable
from app.operations.actor import SYSTEM
from app.operations.cases import lock_case
from app.operations.deployments import deploy
from app.operations.failures import raise_incident
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from app.operations.shipped import shipped_resources
from app.worker import run_due
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.dealership import NOW, Dealership

REASON = {"reason": "a good one"}


def owner_of(app: Flask) -> Browser:
    return signed_in(app, "process_owner")


RENAMED = (b'name="Prepare call"', b'name="Prepare the call"')


def deploy_again(sessions: sessionmaker[Session], change: tuple[bytes, bytes] = RENAMED) -> str:
    """A second version of the follow-up, in which the first user task has another name or id; returns its id."""
    files = dict(shipped_resources())
    name = next(name for name in files if "follow_up" in name and name.endswith(".bpmn"))
    files[name] = files[name].replace(*change)
    with writing(), sessions() as session:
        deploy(session, files, name="again", reason="tests", actor=SYSTEM, now=NOW)
        session.commit()
        query = select(ProcessDefinition.id).where(ProcessDefinition.key == "follow_up")
        return session.scalars(query.order_by(ProcessDefinition.version.desc())).first() or ""


def test_every_form_keeps_what_was_typed_when_it_is_refused(app: Flask, dealership: Dealership) -> None:
    browser = owner_of(app)
    base = f"/cases/{dealership.instance_id}/change"
    typed = {"reason": "typed with care", "name": "typed_name", "value": "typed value", "new": "1"}
    for page in ("move", "variable"):
        answer = browser.post(f"{base}/{page}", typed)
        assert answer.status_code == 422, page
        assert "typed with care" in answer.text
        assert page != "variable" or ("typed_name" in answer.text and "typed value" in answer.text)
    answer = browser.post(f"{base}/suspension", {"wanted": "suspend", "reason": " "})
    assert (answer.status_code, "Say why" in answer.text) == (422, True)


def test_a_page_made_before_somebody_elses_change_is_refused(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    browser = owner_of(app)
    path = f"/cases/{dealership.instance_id}/change/move"
    assert browser.post(path, {**REASON, "start": "before:Activity_Call", "revision": "0"}).status_code == 409
    answer = browser.post(path, {**REASON, "start": "before:nonsense"})
    assert (answer.status_code, "no step of this process" in answer.text) == (422, True)
    assert browser.post(path, {**REASON, "start": "before:Activity_Call"}).status_code == 303
    with sessions() as session:
        assert len(session.scalars(select(UserTask.id).where(UserTask.state == "open")).all()) == 2


TYPED = {
    "words": ("text", "一句话"),
    "day": ("feel", 'date("2026-03-02")'),
    "items": ("json", '[1, {"a": null}]'),
    "moments": ("feel", '[date and time("2026-03-02T10:00:00Z"), duration("PT5M"), [1..2)]'),
}


def test_several_tokens_are_withdrawn_and_started_in_one_step(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    browser = owner_of(app)
    path = f"/cases/{dealership.instance_id}/change/move"
    withdraw = re.search(r'name="withdraw" value="([^"]+)"', browser.get(path).text)
    assert withdraw is not None
    data = {"withdraw": withdraw[1], "start": "before:Activity_Call", "reason": "twice"}
    more = browser.post(path, {**data, "wanted": "more"}).text
    assert more.count('name="start"') == 2
    assert 'value="before:Activity_Call" selected' in more
    assert browser.post(path, {**data, "start": ["before:Activity_Call", "before:Activity_Prepare"]}).status_code == 303
    with sessions() as session:
        opened = session.scalars(select(UserTask.element_id).where(UserTask.state == "open")).all()
    assert sorted(opened) == ["Activity_Call", "Activity_Prepare"]


def test_a_variable_is_shown_as_it_would_be_typed(app: Flask, dealership: Dealership) -> None:
    browser = owner_of(app)
    path = f"/cases/{dealership.instance_id}/change/variable"
    for name, (kind, value) in TYPED.items():
        data = {**REASON, "new": "1", "scope": dealership.instance_id, "name": name, "kind": kind, "value": value}
        assert browser.post(path, data).status_code == 303, name
    listed = browser.get(path).text
    for name, (kind, value) in TYPED.items():
        page = browser.get(path, query_string={"name": name, "scope": dealership.instance_id}).text
        assert f'value="{kind}" checked' in page
        assert kind == "json" or value.replace('"', "&#34;") in page
        assert f">{name}<svg" in listed
    assert "一句话" in listed
    gone = {**REASON, "scope": dealership.instance_id, "name": "words", "wanted": "remove"}
    assert browser.post(path, gone).status_code == 303
    assert "一句话" not in browser.get(path).text


def test_a_variable_gets_another_type_only_when_that_is_meant(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    def stored() -> str:
        with sessions() as session:
            query = select(Variable.value).where(Variable.name == "tries", Variable.instance_id == data["scope"])
            return session.scalars(query).one()

    browser = owner_of(app)
    path = f"/cases/{dealership.instance_id}/change/variable"
    data = {**REASON, "scope": dealership.instance_id, "name": "tries", "kind": "feel", "value": "2"}
    assert browser.post(path, {**data, "new": "1"}).status_code == 303
    number = stored()
    refused = browser.post(path, {**data, "kind": "text", "value": "3"})
    assert (refused.status_code, stored()) == (422, number)
    assert "of the type number and would become one of the type text" in refused.text
    assert ">3</textarea>" in refused.text
    assert 'name="new_type" value="string"' in refused.text
    still_another = browser.post(path, {**data, "kind": "json", "value": "[]", "new_type": "string"})
    assert (still_another.status_code, stored()) == (422, number)
    without_reason = browser.post(path, {**data, "kind": "text", "new_type": "string", "reason": " "})
    assert 'value="string" checked' in without_reason.text
    assert browser.post(path, {**data, "kind": "text", "value": "3", "new_type": "string"}).status_code == 303
    assert stored() == '"3"'


def test_a_new_variable_does_not_overwrite_one_and_says_how_it_is_written(app: Flask, dealership: Dealership) -> None:
    browser = owner_of(app)
    path = f"/cases/{dealership.instance_id}/change/variable"
    data = {**REASON, "scope": dealership.instance_id, "name": "level", "new": "1", "value": "5"}
    assert "Say whether the value is text" in browser.post(path, data).text
    answer = browser.post(path, {**data, "kind": "feel"})
    assert (answer.status_code, "There is a variable “level” already" in answer.text) == (422, True)
    page = browser.get(path, query_string={"new": "1"}).text
    assert 'name="kind" value="text" required' in page


def test_a_case_goes_to_another_version_after_a_check(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    target = deploy_again(sessions)
    browser, path = owner_of(app), f"/cases/{dealership.instance_id}/change/version"
    page = browser.get(path, query_string={"target": target})
    assert "Prepare the call" in page.text
    nowhere = {"target": target, "wanted": "check", "to:Activity_Prepare": ""}
    answer = browser.post(path, nowhere)
    assert (answer.status_code, "say where it goes" in answer.text) == (422, True)
    answer = browser.post(path, {**nowhere, "to:Activity_Prepare": "Activity_Prepare"})
    assert (answer.status_code, "This is possible" in answer.text) == (200, True)
    with sessions() as session:
        assert session.get_one(ProcessInstance, dealership.instance_id).definition_id == dealership.definition_id
    assert browser.post(path, {**REASON, "target": target, "wanted": "migrate"}).status_code == 303
    with sessions() as session:
        assert session.get_one(ProcessInstance, dealership.instance_id).definition_id == target
        told = read_events(session, case_stream(dealership.instance_id))[-1]
        assert (told.type, told.actor_id, told.reason) == ("case_migrated", "process_owner", "a good one")
    assert browser.get(f"/cases/{dealership.instance_id}/history").status_code == 200


def test_the_history_names_elements_that_the_new_version_does_not_have(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    target = deploy_again(sessions, (b"Activity_Prepare", b"Activity_Ready"))
    browser, path = owner_of(app), f"/cases/{dealership.instance_id}/change/version"
    data = {**REASON, "target": target, "wanted": "migrate", "to:Activity_Prepare": "Activity_Ready"}
    assert browser.post(path, data).status_code == 303
    page = browser.get(f"/cases/{dealership.instance_id}/history").text
    assert "Next: Prepare call" in page
    assert "Activity_Prepare" not in page


def test_all_cases_of_a_version_go_over_and_the_result_is_listed(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    target = deploy_again(sessions)
    browser, path = owner_of(app), f"/definitions/{dealership.definition_id}/migration"
    assert "1 open case" in browser.get("/definitions").text
    checked = browser.post(path, {"target": target, "wanted": "check"})
    assert (checked.status_code, ">goes<" in checked.text) == (200, True)
    refused = browser.post(path, {"target": target, "wanted": "check", "to:Activity_Prepare": ""})
    assert ">stays<" in refused.text
    answer = browser.post(path, {**REASON, "target": target, "wanted": "migrate"})
    assert answer.status_code == 303
    assert "still to do" in browser.get(answer.location).text
    run_due(sessions, dealership.now)
    page = browser.get(answer.location).text
    assert "still to do" not in page
    with sessions() as session:
        assert session.get_one(ProcessInstance, dealership.instance_id).definition_id == target


def test_a_version_is_suspended_with_its_cases_and_resumed(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    browser, path = owner_of(app), f"/definitions/{dealership.definition_id}/suspension"
    answer = browser.post(path, {"reason": " ", "with_cases": "yes"})
    assert (answer.status_code, "checked" in answer.text) == (422, True)
    for is_suspended in (True, False):
        answer = browser.post(path, {**REASON, "with_cases": "yes"})
        assert answer.status_code == 303
        run_due(sessions, dealership.now)
        with sessions() as session:
            assert session.get_one(ProcessDefinition, dealership.definition_id).is_suspended is is_suspended
            assert session.get_one(ProcessInstance, dealership.instance_id).is_suspended is is_suspended
    with sessions() as session:
        kinds = session.scalars(select(CaseBatch.kind).order_by(CaseBatch.ordered_at)).all()
        assert sorted(kinds) == ["resume", "suspend", "suspend"]  # one of them is the dealership's own


def raise_incidents(sessions: sessionmaker[Session], dealership: Dealership, count: int) -> None:
    with writing(), sessions() as session:
        for number in range(count):
            case = lock_case(session, dealership.instance_id)
            params: dict[str, object] = {"error": f"王小明 {number}", "attempts": 5}
            incident = RaisedIncident(
                None,
                "Activity_Prepare",
                "job_failed",
                "The system tried %(attempts)s times and gave up: %(error)s",
                params,
            )
            raise_incident(session, case, incident, job_id=None, actor=SYSTEM, now=NOW)
        session.commit()


def test_incidents_of_a_kind_are_tried_again_together(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    raise_incidents(sessions, dealership, 3)
    browser = owner_of(app)
    page = browser.get("/incidents").text
    assert page.count("王小明") == 3
    assert "Try again" in browser.get(f"/cases/{dealership.instance_id}").text
    group = {"definition": dealership.definition_id, "element": "Activity_Prepare", "kind": "job_failed"}
    answer = browser.request("POST", "/incidents/retry", data=group, follow_redirects=True)
    assert "3 incidents are tried again" in answer.text
    with sessions() as session:
        left = session.scalars(select(Incident.id).where(Incident.is_open.is_(True))).all()
        assert left == [dealership.incident_id]
        assert session.get_one(ProcessInstance, dealership.instance_id).state == "active"


def test_who_may_not_see_the_case_reads_no_values_of_it(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    raise_incidents(sessions, dealership, 1)
    admin, stranger = Browser(app), Browser(app)
    admin.sign_in("admin")
    stranger.sign_in("stranger")
    page = admin.get("/incidents").text
    assert "王小明" not in page
    assert "for those who may see the case" in page
    assert "No incident is open" in stranger.get("/incidents").text


def test_a_job_of_a_suspended_case_is_tried_again_after_resuming(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    browser = owner_of(app)
    with writing(), sessions() as session:
        job = session.scalars(select(Job).where(Job.instance_id == dealership.instance_id)).first()
        if job is None:
            job = Job(id="of-the-case", kind="timer", instance_id=dealership.instance_id, run_at=NOW, created_at=NOW)
            session.add(job)
        job.state, job.payload = "dead", json.dumps({})
        session.flush()
        incident = RaisedIncident(None, "Activity_Prepare", "job_failed", "It failed.")
        raise_incident(
            session, lock_case(session, dealership.instance_id), incident, job_id=job.id, actor=SYSTEM, now=NOW
        )
        job_id = job.id
        session.commit()
        incident_id = session.scalars(select(Incident.id).where(Incident.job_id == job_id)).one()
    suspension = f"/cases/{dealership.instance_id}/change/suspension"
    assert browser.post(suspension, {"wanted": "suspend", "reason": "why"}).status_code == 303
    assert ">suspended<" in browser.get("/cases").text
    assert browser.post(f"/incidents/{incident_id}/retry", {"case": dealership.instance_id}).status_code == 303
    with sessions() as session:
        assert session.get_one(Job, job_id).state == "suspended"
    assert browser.post(suspension, {"wanted": "resume", "reason": "why"}).status_code == 303
    with sessions() as session:
        assert session.get_one(Job, job_id).state == "pending"


def test_incidents_are_listed_page_by_page_and_all_of_a_kind_tried_again_with_the_reason(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    raise_incidents(sessions, dealership, 120)
    browser = owner_of(app)
    seen, path = 0, "/incidents"
    for _page in range(3):
        page = browser.get(path).text
        seen += page.count("王小明")
        following = re.search(r'href="(/incidents\?after=[^"]+)"', page)
        path = html.unescape(following[1]) if following else ""
    assert (seen, path) == (120, "")
    group = {"definition": dealership.definition_id, "element": "Activity_Prepare", "kind": "job_failed"}
    answer = browser.post("/incidents/retry", {**group, "reason": "the line is mended"})
    assert answer.status_code == 303
    with sessions() as session:
        assert session.scalars(select(Incident.id).where(Incident.is_open.is_(True))).all() == [dealership.incident_id]
        events = read_events(session, case_stream(dealership.instance_id))
    reasons = [event.reason for event in events if event.type == "incident_retried"]
    assert reasons == ["the line is mended"] * 120
    page = browser.get("/incidents", query_string={"after": "nonsense"})
    assert (page.status_code, "place in the list" in page.text) == (422, True)


def test_a_check_of_many_cases_goes_on_behind_the_last_one_shown(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.migration_previews.PAGE", 1)
    browser, path = owner_of(app), f"/definitions/{dealership.definition_id}/migration"
    with writing(), sessions() as session:
        start_process(
            session, "follow_up",
            {"occasion": "repair_3dc", "level": 1, "caller_group": "cr_advisor", "advisor_id": None},
            site_id="hq", actor=SYSTEM, now=NOW,
        )  # fmt: skip
        session.commit()
    target = deploy_again(sessions)
    checked = browser.post(path, {"target": target, "wanted": "check"}).text
    assert "1 to 1 of 2 cases" in checked
    beyond = re.search(r'name="check_beyond" value="([^"]+)"', checked)
    assert beyond is not None
    following = browser.post(path, {"target": target, "check_beyond": beyond[1]}).text
    assert "2 to 2 of 2 cases" in following
    assert "check_beyond" not in following
