"""bpmn:potentialOwner, bpmn:humanPerformer and bpmn:performer decide who does a user task."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import RESOURCES
from tests.unit.engine.conftest import NewCase
from tests.unit.engine.faults import Fault

DIAGRAM = "user_task_roles.bpmn"
SOUND = (RESOURCES / DIAGRAM).read_text(encoding="utf-8")
FAULTS = {
    "two assignees": Fault(
        '"one" camunda:candidate', '"one" camunda:assignee="x" camunda:candidate', "assignment", "one", sound=SOUND
    ),
    "a performer that is a group": Fault("user(carl)", "group(carl)", "assignment", "two_performer", sound=SOUND),
    "a name that is none": Fault("user( berta )", "user(${berta})", "assignment", "one_other", sound=SOUND),
    "FEEL beside names": Fault("user( berta )", "= [team]", "assignment", "one_other", sound=SOUND),
    "nothing said": Fault("user(carl)", " ", "assignment", "two_performer", sound=SOUND),
    "a resource": Fault(
        '"two_performer">', '"two_performer"><bpmn:resourceRef>x</bpmn:resourceRef>', "element", "two_performer",
        sound=SOUND,
    ),
}  # fmt: skip


def test_roles_and_attributes_together_say_who(new_case: NewCase) -> None:
    case = new_case(DIAGRAM).start({"begun_by": "dora", "team": "north"})
    (task,) = case.user_tasks.values()
    assert (task.assignee, task.candidate_users, task.candidate_groups) == (
        "dora", ("anna", "berta"), ("stock", "sales", "desk")
    )  # fmt: skip
    case.do("one")
    (task,) = case.user_tasks.values()
    assert (task.assignee, task.candidate_users, task.candidate_groups) == ("carl", (), ("north", "reserve"))
    assert case.process.candidate_groups == {"stock", "sales", "desk"}
    assert case.process.initiators == {"s": "begun_by"}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()


def test_a_start_inside_has_no_initiator() -> None:
    inner = '<bpmn:subProcess id="x"><bpmn:startEvent id="y" camunda:initiator="z"/></bpmn:subProcess>'
    diagram = SOUND.replace('<bpmn:endEvent id="e"/>', f'<bpmn:endEvent id="e"/>{inner}')
    with pytest.raises(engine.DeploymentRefused, match="Only a start event of a process has an initiator"):
        engine.parse(diagram.encode(), "x.bpmn")
