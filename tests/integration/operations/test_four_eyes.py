"""Four eyes: nobody checks their own work, whoever acts for whom; where nobody may, a second pair is asked (W07)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import ChangeRefused
from app.errors import InvalidInput, NotAllowed, NotFound
from app.models import Incident, Membership, ProcessDefinition, ProcessInstance, UserTask, UserTaskCandidate
from app.models.four_eyes import own_parts
from app.models.inbox import inbox_page
from app.operations.actor import SYSTEM, Actor
from app.operations.case_migration import migrate_case
from app.operations.delegation import delegate_user_task
from app.operations.deployments import deploy
from app.operations.four_eyes import OwnWork, record_refused_own_work
from app.operations.history import CONFIGURATION_STREAM, case_stream
from app.operations.history_reading import read_events
from app.operations.process_instances import start_process
from app.operations.second_pairs import name_second_pair, remove_second_pair
from app.operations.substitution import SubstitutionTerms, name_substitute
from app.operations.user_tasks import assign_user_task, claim_user_task, complete_user_task, unclaim_user_task
from tests.integration.operations.dealership import NOW, Dealership, resources

pytestmark = pytest.mark.usefixtures("every_case_replays")
TODAY = SubstitutionTerms(NOW.date(), NOW.date())


@pytest.fixture
def done_by(dealership: Dealership, session: Session) -> Callable[..., str]:
    """A case whose first step a person has done; returns the user task that checks it."""
    deploy(session, resources("four_eyes.bpmn"), name="eyes", reason="tests", actor=SYSTEM, now=NOW)

    def done_by(person: str, site_id: str = "main") -> str:
        case = start_process(session, "four_eyes", {}, site_id=site_id, actor=SYSTEM, now=NOW)
        _do(session, dealership.user_task(case, "do_it"), person)
        return dealership.user_task(case, "approve")

    return done_by


def _do(session: Session, user_task_id: str, person: str, on_behalf_of: str | None = None) -> None:
    actor = Actor(person, on_behalf_of)
    complete_user_task(session, user_task_id, {}, revision=None, is_claimed_implicitly=True, actor=actor, now=NOW)


def _case_of(session: Session, user_task_id: str) -> ProcessInstance:
    session.expire_all()
    return session.get_one(ProcessInstance, session.get_one(UserTask, user_task_id).instance_id)


def _refused(session: Session, attempt: Callable[[], object], actor: str, element: str = "approve") -> None:
    """Refused, and what the edge writes down of it."""
    with pytest.raises(OwnWork) as refusal:
        attempt()
    record_refused_own_work(session, refusal.value, actor=Actor(actor), now=NOW)
    stream = case_stream(refusal.value.user_task.instance_id)
    last = read_events(session, stream)[-1]
    assert (last.type, last.actor_id, last.element_id) == ("own_work_refused", actor, element)


def test_another_version_forgets_nobodys_work(session: Session, done_by: Callable[..., str]) -> None:
    approve = done_by("ada")
    case = _case_of(session, approve)
    diagram = resources("four_eyes.bpmn")["four_eyes.bpmn"]

    def go_on_with(changed: bytes, mapping: dict[str, str]) -> None:
        deploy(session, {"four_eyes.bpmn": changed}, name="eyes", reason="tests", actor=SYSTEM, now=NOW)
        query = select(ProcessDefinition.id).where(ProcessDefinition.key == "four_eyes")
        newest = session.scalars(query.order_by(ProcessDefinition.version.desc())).first() or ""
        migrate_case(session, case.id, newest, mapping, "why", actor=Actor("own"), now=NOW)

    renamed, unruled = diagram.replace(b"do_it", b"made"), diagram.replace(b'aftercare:notPerformerOf="do_it"', b"")
    for changed, mapping in ((renamed, {"do_it": "made"}), (unruled, {})):
        for name in ("approve", "check"):
            version = changed.replace(b'"approve"', f'"{name}"'.encode())
            with pytest.raises(ChangeRefused, match=f"“do_it” was done, and .* not do “{name}”"):
                go_on_with(version, {**mapping, "approve": name})
    go_on_with(diagram.replace(b"Approve it", b"Look at it"), {"approve": "approve"})
    _refused(session, lambda: claim_user_task(session, approve, actor=Actor("ada"), now=NOW), "ada")


def test_w07_own_work_is_not_approved_directly_by_group_claim_or_completion(
    session: Session, done_by: Callable[..., str]
) -> None:
    approve = done_by("ada")
    _refused(session, lambda: claim_user_task(session, approve, actor=Actor("ada"), now=NOW), "ada")
    _refused(session, lambda: _do(session, approve, "ada"), "ada")
    _do(session, approve, "bea")


def test_w07_own_work_is_not_approved_by_who_acts_for_its_performer(
    session: Session, done_by: Callable[..., str]
) -> None:
    approve = done_by("ada")
    name_substitute(session, "ada", "cam", TODAY, actor=Actor("ada"), now=NOW)
    _refused(session, lambda: claim_user_task(session, approve, actor=Actor("cam"), now=NOW), "cam")
    _refused(session, lambda: _do(session, approve, "cam", on_behalf_of="ada"), "cam")


def test_w07_own_work_done_for_somebody_is_not_approved_by_either(
    session: Session, dealership: Dealership, done_by: Callable[..., str]
) -> None:
    name_substitute(session, "ada", "dan", TODAY, actor=Actor("ada"), now=NOW)
    approve = done_by("dan")  # on behalf of Ada
    assert session.scalars(select(UserTask.ended_for).where(UserTask.element_id == "do_it")).one() == "ada"
    _refused(session, lambda: claim_user_task(session, approve, actor=Actor("ada"), now=NOW), "ada")
    name_substitute(session, "bea", "dan", TODAY, actor=Actor("bea"), now=NOW)
    _refused(session, lambda: _do(session, approve, "dan", on_behalf_of="bea"), "dan")
    _do(session, approve, "bea")


def test_w07_own_work_is_not_reached_by_assigning_or_delegating(session: Session, done_by: Callable[..., str]) -> None:
    approve = done_by("ada")
    _refused(session, lambda: assign_user_task(session, approve, "ada", actor=Actor("own"), now=NOW), "own")
    claim_user_task(session, approve, actor=Actor("bea"), now=NOW)
    _refused(session, lambda: assign_user_task(session, approve, "ada", actor=Actor("bea"), now=NOW), "bea")
    _refused(session, lambda: delegate_user_task(session, approve, "ada", actor=Actor("bea"), now=NOW), "bea")


def test_w07_own_work_is_not_approved_with_another_role_or_as_administrator(
    session: Session, done_by: Callable[..., str]
) -> None:
    approve = done_by("cam")
    session.add_all([Membership(user_id="cam", group_id=group, site_id="main") for group in ("process_owner", "admin")])
    session.flush()
    _refused(session, lambda: claim_user_task(session, approve, actor=Actor("cam"), now=NOW), "cam")
    _refused(session, lambda: assign_user_task(session, approve, "cam", actor=Actor("cam"), now=NOW), "cam")
    name_substitute(session, "bea", "cam", TODAY, reason="so", actor=Actor("cam"), now=NOW)
    _refused(session, lambda: _do(session, approve, "cam", on_behalf_of="bea"), "cam")


def test_an_assignee_of_the_diagram_who_did_the_rest_does_not_get_it(
    session: Session, dealership: Dealership, done_by: Callable[..., str]
) -> None:
    diagram = resources("four_eyes.bpmn")["four_eyes.bpmn"]
    named = {"four_eyes.bpmn": diagram.replace(b'id="approve"', b'id="approve" camunda:assignee="ada"')}
    deploy(session, named, name="eyes", reason="tests", actor=SYSTEM, now=NOW)
    assert session.get_one(UserTask, done_by("bea")).assignee_id == "ada"
    approve = done_by("ada")
    assert session.get_one(UserTask, approve).assignee_id is None
    assert approve in {row.id for row in inbox_page(session, "bea", "claimable", now=NOW).rows}


def test_where_nobody_may_the_owner_is_told_and_a_second_pair_helps(
    session: Session, dealership: Dealership, done_by: Callable[..., str]
) -> None:
    approve = done_by("far", "outlet")
    assert _case_of(session, approve).state == "incident"
    session.add(Membership(user_id="own", group_id="admin", site_id="outlet"))
    session.flush()
    told = session.scalars(select(Incident.msgid).where(Incident.activity_id == approve)).one()
    assert "second pair of eyes" in told
    name_second_pair(session, "outlet", "bea", reason="there is only one", actor=Actor("own"), now=NOW)
    assert _case_of(session, approve).state == "active"
    assert [row.id for row in inbox_page(session, "bea", "claimable", now=NOW).rows if row.id == approve] == [approve]
    with pytest.raises(OwnWork):
        claim_user_task(session, approve, actor=Actor("far"), now=NOW)
    claim_user_task(session, approve, actor=Actor("bea"), now=NOW)
    unclaim_user_task(session, approve, actor=Actor("bea"), now=NOW)
    _do(session, approve, "bea")
    later_one = done_by("far", "outlet")  # offered at once
    assert _case_of(session, later_one).state == "active"
    offered = select(UserTaskCandidate.candidate_id).where(
        UserTaskCandidate.user_task_id == later_one, UserTaskCandidate.kind == "user"
    )
    assert session.scalars(offered).all() == ["bea"]


def test_a_second_pair_is_not_asked_where_somebody_of_the_site_may(
    session: Session, done_by: Callable[..., str]
) -> None:
    name_second_pair(session, "main", "far", reason="x", actor=SYSTEM, now=NOW)
    approve = done_by("ada")
    offered = select(UserTaskCandidate.kind).where(UserTaskCandidate.user_task_id == approve)
    assert set(session.scalars(offered)) == {"group"}


@pytest.mark.parametrize(
    ("person", "text"), [("far", "works at the site"), ("gone", "list"), ("eve", "Auditors"), ("nobody", "list")]
)
def test_who_is_no_second_pair(session: Session, dealership: Dealership, person: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=text):
        name_second_pair(session, "outlet", person, reason="x", actor=SYSTEM, now=NOW)


def test_naming_is_for_administrators_with_a_reason_and_recorded(session: Session, dealership: Dealership) -> None:
    with pytest.raises(NotAllowed):
        name_second_pair(session, "outlet", "bea", reason="x", actor=Actor("far"), now=NOW)
    with pytest.raises(InvalidInput, match="reason"):
        name_second_pair(session, "outlet", "bea", reason=" ", actor=SYSTEM, now=NOW)
    name_second_pair(session, "outlet", "bea", reason="small", actor=SYSTEM, now=NOW)
    with pytest.raises(InvalidInput, match="already"):
        name_second_pair(session, "outlet", "bea", reason="x", actor=SYSTEM, now=NOW)
    remove_second_pair(session, "outlet", "bea", reason="grown", actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        remove_second_pair(session, "outlet", "bea", reason="x", actor=SYSTEM, now=NOW)
    *_, named, removed = read_events(session, CONFIGURATION_STREAM)
    assert (named.type, named.reason, removed.type, removed.reason) == (
        "second_pair_named",
        "small",
        "second_pair_removed",
        "grown",
    )


def test_each_item_is_verified_by_somebody_who_did_not_do_it_but_may_have_done_another(
    session: Session, dealership: Dealership
) -> None:
    deploy(session, resources("four_eyes_items.bpmn"), name="items", reason="tests", actor=SYSTEM, now=NOW)
    case = start_process(session, "four_eyes_items", {}, site_id="main", actor=SYSTEM, now=NOW)
    query = select(UserTask).where(UserTask.instance_id == case.id, UserTask.state == "open")
    tasks = {user_task.execution_id: user_task for user_task in session.scalars(query)}
    for person, user_task in zip(("ada", "bea"), tasks.values(), strict=True):
        _do(session, user_task.id, person)
    to_verify = {user_task.execution_id: user_task.id for user_task in session.scalars(query)}
    of_ada, of_bea = (to_verify[execution] for execution in tasks)
    _refused(session, lambda: claim_user_task(session, of_ada, actor=Actor("ada"), now=NOW), "ada", "verify")
    _refused(session, lambda: _do(session, of_bea, "bea"), "bea", "verify")
    barred = {row.id: row.id in own_parts(session, ["ada"], [row]) for row in session.scalars(query)}
    assert barred == {of_ada: True, of_bea: False}
    _do(session, of_ada, "bea")
    name_substitute(session, "ada", "dan", TODAY, actor=Actor("ada"), now=NOW)
    _do(session, of_bea, "dan", on_behalf_of="ada")
    audit = dealership.user_task(case, "audit")
    for person in ("ada", "bea"):
        _refused(session, lambda person=person: _do(session, audit, person), person, "audit")
    _do(session, audit, "two")
