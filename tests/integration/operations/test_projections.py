"""The tables that pages read of a case are what its history says; where they are not, that is seen and mended."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.models import ActivityInstance, Execution, FlowTaken, HistoryEvent, ProcessInstance, UserTask, Variable
from app.models.prepared import table_of
from app.operations.actor import SYSTEM
from app.operations.cases import Case
from app.operations.history_erasure import erase_subject
from app.operations.projections import deviations
from app.operations.projections_rebuilt import NotRebuildable, rebuild_projections
from app.operations.replay import replay_case
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later


@pytest.fixture
def case(session: Session, dealership: Dealership) -> Case:
    case = dealership.start()
    dealership.complete(case, "check", "ada", now=later(hours=1), verdict="later", note="her secret")
    dealership.complete(case, "later", "bea", now=later(days=3))
    session.commit()
    return case


DAMAGE = {
    "variable": update(table_of(Variable)).where(Variable.name == "verdict").values(value='"forged"'),
    "variable gone": delete(table_of(Variable)).where(Variable.name == "subject"),
    "activity_instance": update(table_of(ActivityInstance)).where(ActivityInstance.element_id == "check").values(
        started_at=later(days=9)
    ),
    "activity_instance gone": delete(table_of(ActivityInstance)).where(ActivityInstance.element_id == "check"),
    "execution": update(table_of(Execution)).values(ended_at=NOW),
    "flow_taken": update(table_of(FlowTaken)).values(count=9),
    "user_task": update(table_of(UserTask)).where(UserTask.state == "completed").values(ended_by="somebody"),
}


def test_all_is_well(session: Session, case: Case) -> None:
    assert deviations(session, case.id) == []
    assert rebuild_projections(session, case.id, actor=SYSTEM, now=NOW) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_seen_and_mended(session: Session, case: Case, damage: str) -> None:
    session.execute(DAMAGE[damage])
    found = deviations(session, case.id)
    assert {deviation.table for deviation in found} == {damage.split(maxsplit=1)[0]}
    assert rebuild_projections(session, case.id, actor=SYSTEM, now=NOW) == found
    assert deviations(session, case.id) == []
    assert replay_case(session, case.id).difference is None
    told = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "projections_rebuilt")).one()
    assert told.stream == "configuration"


def test_rows_that_nothing_made_are_taken_out(session: Session, case: Case) -> None:
    scope = session.scalars(select(Execution.id).where(Execution.instance_id == case.id)).first()
    extra = {"execution_id": scope, "instance_id": case.id, "site_id": "main"}
    session.add(Variable(name="planted", type="string", value='"x"', **extra))
    session.add(
        ActivityInstance(
            id="planted", element_id="check", element_type="userTask", element_name="x", state="done", started_at=NOW,
            **extra,
        )
    )  # fmt: skip
    session.flush()
    assert {deviation.key.split()[-1] for deviation in deviations(session, case.id)} == {"planted"}
    rebuild_projections(session, case.id, actor=SYSTEM, now=NOW)
    assert deviations(session, case.id) == []


def test_values_of_an_erased_customer_are_no_deviation(session: Session, case: Case) -> None:
    erase_subject(session, CUSTOMER, "asked for it", actor=SYSTEM, now=NOW)
    session.execute(update(table_of(Variable)).where(Variable.name == "note").values(value='""'))
    assert deviations(session, case.id) == []


def test_a_user_task_without_a_row_cannot_be_made_again(session: Session, case: Case) -> None:
    session.execute(delete(table_of(UserTask)).where(UserTask.element_id == "later"))
    with pytest.raises(NotRebuildable):
        rebuild_projections(session, case.id, actor=SYSTEM, now=NOW)
    assert session.get_one(ProcessInstance, case.id)
