"""Who sees which case: the one rule."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ProcessAccess, ProcessInstance
from app.models.visibility import can_see_instance, visible_instances
from app.operations.actor import SYSTEM, Actor
from app.operations.process_instances import start_process
from app.operations.user_tasks import assign_user_task
from tests.integration.operations.dealership import CUSTOMER, NOW, PEOPLE, Dealership


def _who_sees(session: Session, case_id: str) -> set[str]:
    return {person for person in PEOPLE if can_see_instance(session, person, case_id)}


def test_readers_owners_and_auditors_of_the_site(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    everybody_of_main = {"ada", "bea", "cam", "two", "gone", "dual", "eve", "own"}
    assert _who_sees(session, case.id) == everybody_of_main


def test_other_sites_see_nothing(session: Session, dealership: Dealership) -> None:
    values = {"subject": "x", "customer_id": CUSTOMER}
    case = start_process(session, "inquiry", values, site_id="outlet", actor=SYSTEM, now=NOW)
    assert _who_sees(session, case.id) == {"far"}


def _without_readers(session: Session) -> None:
    session.execute(ProcessAccess.__table__.update().values(can_read=False))


def test_participants_see_their_cases(session: Session, dealership: Dealership) -> None:
    _without_readers(session)
    case = dealership.start("ada")
    auditors, candidates = {"eve", "dual"}, {"ada", "bea", "two", "gone", "dual"}
    assert _who_sees(session, case.id) == auditors | candidates
    user_task_id = dealership.claim(case, "check", "bea")
    assign_user_task(session, user_task_id, "dan", actor=Actor("own"), now=NOW)
    assert "dan" in _who_sees(session, case.id)


def test_who_took_part_still_sees_the_case(session: Session, dealership: Dealership) -> None:
    _without_readers(session)
    case = start_process(
        session, "inquiry", {"subject": "x", "customer_id": CUSTOMER, "expert_id": "dan"}, site_id="main",
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    assert "dan" not in _who_sees(session, case.id)
    dealership.complete(case, "check", "ada", verdict="expert")
    dealership.complete(case, "expert", "dan")
    assert "dan" in _who_sees(session, case.id)


def test_starter_sees_what_he_started(session: Session, dealership: Dealership) -> None:
    case = start_process(
        session, "patient", {}, site_id="outlet", actor=Actor("system", on_behalf_of="dan", kind="system"), now=NOW
    )
    assert _who_sees(session, case.id) == {"dan"}


def test_the_rule_is_a_statement_to_build_on(session: Session, dealership: Dealership) -> None:
    cases = [dealership.start() for _ in range(3)]
    statement = visible_instances("ada").add_columns(ProcessInstance.case_number).order_by(ProcessInstance.case_number)
    assert [row.id for row in session.execute(statement)] == [case.id for case in cases]
    unseen = select(ProcessInstance.id).where(ProcessInstance.id.in_(visible_instances("dan")))
    assert session.scalars(unseen).all() == []
