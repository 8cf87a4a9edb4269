import json
from typing import NoReturn

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.engine import DeploymentRefused, Problem
from app.errors import NotAllowed
from app.models import Deployment, DeploymentResource, ProcessAccess, ProcessDefinition, ProcessInstance
from app.operations import definitions, deployment_checks, parsed_files
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import BundleRefused, deploy, load_process
from app.operations.groups import ensure_default_groups
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from app.operations.shipped import shipped_resources
from tests.integration.operations.dealership import ALL, Dealership, later, resources

INQUIRY = resources("inquiry.bpmn", "check.form")


def _deploy(session: Session, files: dict[str, bytes], actor: Actor = SYSTEM) -> Deployment:
    return deploy(session, files, name="tests", reason="a reason", actor=actor, now=later(days=1))


def _changed(old: str, new: str, name: str = "inquiry.bpmn", files: dict[str, bytes] = INQUIRY) -> dict[str, bytes]:
    assert old.encode() in files[name]
    return {**files, name: files[name].replace(old.encode(), new.encode())}


def _problems(session: Session, files: dict[str, bytes]) -> list[str]:
    with pytest.raises(BundleRefused) as refused:
        _deploy(session, files)
    return [str(problem) for problem in refused.value.problems]


def _versions(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(ProcessDefinition.key, ProcessDefinition.version))
    return sorted((key, version) for key, version in rows)


def test_bundle_is_one_deployment(session: Session, dealership: Dealership) -> None:
    deployment = session.scalars(select(Deployment)).one()
    stored = session.scalars(select(DeploymentResource)).all()
    assert {resource.name: resource.content for resource in stored} == ALL
    assert {resource.kind for resource in stored} == {"bpmn", "form"}
    assert _versions(session) == [("answer", 1), ("inquiry", 1), ("listener", 1), ("patient", 1), ("teller", 1)]
    made = read_events(session, CONFIGURATION_STREAM)[-1]
    assert (made.type, made.body["deployment_id"], made.reason) == ("deployment_made", deployment.id, "for the tests")


def test_same_content_is_nothing_new(session: Session, dealership: Dealership) -> None:
    before = session.scalars(select(Deployment)).one()
    assert _deploy(session, ALL).id == before.id
    assert len(session.scalars(select(Deployment)).all()) == 1


def test_changed_form_gives_the_whole_bundle_a_new_version(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    changed = _changed('"Note"', '"Remark"', "check.form", ALL)
    deployment = _deploy(session, changed, Actor("own"))
    assert set(_versions(session)) >= {("inquiry", 2), ("answer", 2)}
    assert session.get_one(ProcessInstance, case.id).definition_id == case.definition_id
    assert dealership.start().definition_id != case.definition_id
    assert _deploy(session, changed).id == deployment.id
    assert _deploy(session, ALL).id != deployment.id


def test_only_owners_deploy(session: Session, dealership: Dealership) -> None:
    for person in ("ada", "eve", "nobody"):
        with pytest.raises(NotAllowed):
            _deploy(session, INQUIRY, Actor(person))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('formKey="check"', 'formKey="missing"', "missing"),
        ('candidateGroups="cr_advisor"', 'candidateGroups="strangers"', "strangers"),
        ('candidateStarterGroups="cr_advisor', 'candidateStarterGroups="beginners', "beginners"),
        ("record-consent-withdrawn<", "send-pigeon<", "send-pigeon"),
        ("<bpmn:endEvent id", "<bpmn:choreographyTask id", "choreographyTask"),
        ("verdict = ", "verdict = = ", "verdict_later"),
    ],
)
def test_unknown_things_are_refused_by_name(
    session: Session, dealership: Dealership, old: str, new: str, named: str
) -> None:
    problems = _problems(session, _changed(old, new))
    assert any(named in problem and problem.startswith("inquiry.bpmn") for problem in problems), problems
    assert ("inquiry", 2) not in _versions(session)


def test_all_problems_of_all_files_are_named_at_once(session: Session, dealership: Dealership) -> None:
    broken_form = json.dumps({"type": "default", "id": "check", "components": [{"type": "hologram", "id": "h"}]})
    files = _changed("<bpmn:endEvent id", "<bpmn:complexGateway id") | {
        "check.form": broken_form.encode(), "notes.txt": b"",
    }  # fmt: skip
    problems = "\n".join(_problems(session, files))
    for part in ("inquiry.bpmn:", "check.form", "hologram", "notes.txt"):
        assert part in problems


def test_duplicates_are_refused(session: Session, dealership: Dealership) -> None:
    twice = INQUIRY | {"copy.bpmn": INQUIRY["inquiry.bpmn"], "copy.form": INQUIRY["check.form"]}
    problems = "\n".join(_problems(session, twice))
    assert "“inquiry” is in two files" in problems
    assert "“check”" in problems
    assert "no executable process" in "".join(_problems(session, resources("check.form")))


CALLING = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"><process id="calling"
 isExecutable="true"><callActivity id="call" calledElement="Sign"/></process></definitions>"""
CALLED = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="e"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
 <globalUserTask id="Sign" camunda:formKey="nothing"/></definitions>"""


def test_global_task_is_called_from_another_file_and_is_nothing_to_start(
    session: Session, dealership: Dealership
) -> None:
    assert "no process “Sign”" in "".join(_problems(session, {"calling.bpmn": CALLING}))
    files = {"calling.bpmn": CALLING, "tasks.bpmn": CALLED}
    assert "no form “nothing”" in "".join(_problems(session, files))
    assert "no executable process" in "".join(_problems(session, {"tasks.bpmn": CALLED}))
    _deploy(session, files | {"tasks.bpmn": CALLED.replace(b' camunda:formKey="nothing"', b"")})
    assert {key for key, _version in _versions(session)} >= {"calling"}
    assert "Sign" not in {key for key, _version in _versions(session)}


def test_message_starts_one_process_only(session: Session, dealership: Dealership) -> None:
    other = _changed('process id="answer"', 'process id="second"', "answer.bpmn", resources("answer.bpmn"))
    assert "already starts the process “answer”" in "".join(_problems(session, other))
    both = resources("answer.bpmn") | {"second.bpmn": other["answer.bpmn"]}
    assert "already starts" in "".join(_problems(session, both))


def _access(session: Session) -> dict[str, tuple[bool, bool]]:
    rows = session.scalars(select(ProcessAccess).where(ProcessAccess.process_key == "inquiry"))
    return {row.group_id: (row.can_start, row.can_read) for row in rows}


def test_access_comes_from_the_diagram(session: Session, dealership: Dealership) -> None:
    assert _access(session) == {
        "cr_advisor": (True, True),
        "front_desk": (True, False),
        "customer_service": (False, True),
        "process_owner": (False, True),
    }


def test_named_readers_read_without_doing_anything(session: Session, dealership: Dealership) -> None:
    ensure_default_groups(session)
    _deploy(session, shipped_resources())
    for group, can_read in {"service_manager": True, "business_manager": True, "sales_consultant": False}.items():
        access = session.get_one(ProcessAccess, ("complaint", group))
        assert (access.can_start, access.can_read) == (True, can_read)


def test_access_that_was_changed_survives_a_new_version(session: Session, dealership: Dealership) -> None:
    session.execute(update(ProcessAccess).where(ProcessAccess.group_id == "customer_service").values(can_read=False))
    _deploy(session, _changed('candidateStarterGroups="cr_advisor', 'candidateStarterGroups="gm_office'))
    access = _access(session)
    assert access["customer_service"] == (False, False)
    assert access["gm_office"] == (True, False)


def test_process_is_loaded_once(session: Session, dealership: Dealership) -> None:
    definition_id = dealership.start().definition_id
    assert load_process(session, definition_id) is load_process(session, definition_id)


def test_a_diagram_that_is_refused_since_it_was_deployed_goes_on(
    session: Session, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_xml: bytes, name: str) -> NoReturn:
        raise DeploymentRefused(name, [Problem("check", "Check", 1, "new_rule", "Nobody may check.")])

    before = dealership.start()
    session.commit()
    monkeypatch.setattr(parsed_files, "parsed_file", refuse)
    monkeypatch.setattr(deployment_checks, "parsed_file", refuse)
    monkeypatch.setattr(definitions, "_cache", definitions._Cache())
    parsed_files.deployed_file.cache_clear()
    for case in (before, dealership.start()):
        dealership.complete(case, "check", "ada", verdict="later")
    with pytest.raises(BundleRefused, match="Nobody may check"):
        _deploy(session, INQUIRY)
