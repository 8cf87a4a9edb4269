import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed, NotFound
from app.models import InstanceState, Job, MessageSubscription, ProcessDefinition, ProcessInstance, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.authority import AuditorsChangeNothing
from app.operations.cases import CaseNotFound
from app.operations.definitions import DefinitionNotFound
from app.operations.failures import StepNotDone
from app.operations.process_instances import ProcessNotStartable, cancel_instance, start_process
from app.operations.steps import CaseEnded
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later

pytestmark = pytest.mark.usefixtures("every_case_replays")

VALUES = {"subject": "a noise", "customer_id": CUSTOMER}


@pytest.mark.parametrize(
    ("person", "site", "error"),
    [
        ("cam", "main", NotAllowed),
        ("ada", "outlet", NotAllowed),
        ("own", "main", NotAllowed),
        ("dual", "main", AuditorsChangeNothing),
    ],
)
def test_only_starter_groups_of_the_site_start(
    session: Session, dealership: Dealership, person: str, site: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        start_process(session, "inquiry", VALUES, site_id=site, actor=Actor(person), now=NOW)


def test_start_keeps_what_it_is_told(session: Session, dealership: Dealership) -> None:
    case = start_process(
        session, "inquiry", {**VALUES, "visit_id": "visit1", "level": 2}, site_id="main", business_key="RO-7",
        title="Given", customer_id="other", vehicle_id="vehicle1", actor=SYSTEM, now=NOW,
    )  # fmt: skip
    row = session.get_one(ProcessInstance, case.id)
    assert (row.title, row.business_key, row.started_by) == ("Given", "RO-7", "system")
    assert (row.customer_id, row.vehicle_id, row.visit_id) == ("other", "vehicle1", "visit1")


def test_ids_and_keys_that_no_database_keeps(session: Session, dealership: Dealership) -> None:
    long = dict.fromkeys(("vehicle_id", "visit_id"), "x" * 33)
    case = start_process(session, "inquiry", {**VALUES, **long}, site_id="main", actor=SYSTEM, now=NOW)
    row = session.get_one(ProcessInstance, case.id)
    assert (row.customer_id, row.vehicle_id, row.visit_id) == (CUSTOMER, None, None)
    with pytest.raises(InvalidInput, match="at most 200 characters"):
        start_process(session, "inquiry", VALUES, site_id="main", business_key="k" * 201, actor=SYSTEM, now=NOW)


def test_unknown_things_are_named(session: Session, dealership: Dealership) -> None:
    with pytest.raises(DefinitionNotFound, match="nothing"):
        start_process(session, "nothing", {}, site_id="main", actor=SYSTEM, now=NOW)
    with pytest.raises(NotFound, match="nowhere"):
        start_process(session, "inquiry", VALUES, site_id="nowhere", actor=SYSTEM, now=NOW)
    with pytest.raises(ProcessNotStartable, match="answer"):
        start_process(session, "answer", {}, site_id="main", actor=SYSTEM, now=NOW)
    with pytest.raises(CaseNotFound):
        cancel_instance(session, "no such case", "why", actor=SYSTEM, now=NOW)


def test_suspended_process_is_not_started(session: Session, dealership: Dealership) -> None:
    session.scalars(select(ProcessDefinition).where(ProcessDefinition.key == "inquiry")).one().is_suspended = True
    with pytest.raises(ProcessNotStartable, match="suspended"):
        start_process(session, "inquiry", VALUES, site_id="main", actor=SYSTEM, now=NOW)


def test_failed_start_leaves_nothing(session: Session, dealership: Dealership) -> None:
    with pytest.raises(StepNotDone, match="subject") as failed:
        start_process(session, "inquiry", {}, site_id="main", actor=SYSTEM, now=NOW)
    assert failed.value.instance_id is None
    session.rollback()
    assert session.scalars(select(ProcessInstance)).all() == []


def test_cancel_withdraws_everything(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    with pytest.raises(NotAllowed):
        cancel_instance(session, case.id, "a mistake", actor=Actor("ada"), now=NOW)
    with pytest.raises(InvalidInput):
        cancel_instance(session, case.id, " ", actor=Actor("own"), now=NOW)
    cancel_instance(session, case.id, "a mistake", actor=Actor("own"), now=later(hours=2))
    row = session.get_one(ProcessInstance, case.id)
    assert (row.state, row.end_event_id, row.ended_at) == ("cancelled", None, later(hours=2))
    assert session.scalars(select(UserTask.state)).all() == ["cancelled"]
    assert session.scalars(select(Job.state)).all() == ["cancelled"]
    assert session.get(InstanceState, case.id) is None
    with pytest.raises(CaseEnded):
        cancel_instance(session, case.id, "again", actor=Actor("own"), now=NOW)


def test_end_of_the_case_ends_its_waiting(session: Session, dealership: Dealership) -> None:
    case = start_process(session, "listener", {"order": "7"}, site_id="main", actor=SYSTEM, now=NOW)
    assert session.scalars(select(MessageSubscription.name)).all() == ["go"]
    cancel_instance(session, case.id, "enough", actor=SYSTEM, now=NOW)
    assert session.scalars(select(MessageSubscription.name)).all() == []
