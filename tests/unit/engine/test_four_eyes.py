"""aftercare:notPerformerOf: told with the user task that opens, on both sides; unknown ids are refused by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import engine
from app.engine.elements.user_task import UserTask
from tests.unit.engine.case import RESOURCES, Case
from tests.unit.engine.faults import Fault

SOUND = (RESOURCES / "operations" / "four_eyes.bpmn").read_text(encoding="utf-8")
FAULTS = {
    "an id that is none": Fault('Of="do_it"', 'Of="do_it done_it"', "four_eyes", "approve", sound=SOUND),
    "no user task": Fault('Of="do_it"', 'Of="begin"', "four_eyes", "approve", sound=SOUND),
    "nothing": Fault('Of="do_it"', 'Of=" "', "four_eyes", "approve", sound=SOUND),
    "on something else": Fault(
        'id="begin"', 'id="begin" aftercare:notPerformerOf="do_it"', "attribute", "begin", sound=SOUND
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()


def test_both_sides_know_it() -> None:
    (process,) = engine.parse(SOUND.encode(), "four_eyes.bpmn")
    nodes = [process.root.node(name) for name in ("do_it", "approve")]
    assert [node.not_performer_of for node in nodes if isinstance(node, UserTask)] == [{"approve"}, {"do_it"}]


def test_a_user_task_may_exclude_itself_so_that_each_instance_has_another_performer() -> None:
    (process,) = engine.parse(SOUND.replace('Of="do_it"', 'Of="approve"').encode(), "four_eyes.bpmn")
    node = process.root.node("approve")
    assert isinstance(node, UserTask)
    assert node.not_performer_of == {"approve"}


@pytest.mark.parametrize("is_saved", [False, True])
def test_steps_of_one_item_exclude_each_other_within_the_item_only(*, is_saved: bool) -> None:
    case = Case("operations/four_eyes_items.bpmn", is_saved=is_saved).start()
    first, second = (opened.not_performer_of for opened in case.user_tasks.values())
    assert [exclusion.partition("@")[0] for exclusion in first] == ["audit", "verify"]
    assert first[0] == second[0] == "audit", "what lies outside counts for all items"
    assert first[1] != second[1]
    case.do("do_it")
    assert case.last is not None
    assert case.last.closed[0].not_performer_of == first
    (verify,) = (opened for opened in case.user_tasks.values() if opened.element_id == "verify")
    assert verify.not_performer_of == (first[1].replace("verify", "do_it"),)


def test_who_decides_a_complaints_remedy_does_not_approve_it() -> None:
    file = Path(__file__).parents[3] / "workflows" / "complaint.bpmn"
    (process,) = engine.parse(file.read_bytes(), file.name)
    nodes = (spec.node(name) for spec in process.levels.values() for name in spec.task_specs)
    found = {node.element_id: node.not_performer_of for node in nodes if isinstance(node, UserTask)}
    assert found["Activity_Approve"] == {"Activity_Decide", "Activity_Investigate", "Activity_Help"}
    assert found["Activity_Confirm"] == {"Activity_FillIn"}
    assert "Activity_Reply" in found["Activity_GiveResult"]
    assert "Activity_Approve" in found["Activity_Decide"]
