"""Where the stock library is right, the engine opens the same user tasks after every step."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from tests.unit.engine.case import RESOURCES, Case

# One token per branch, flows with ids, no expressions: there the library does what BPMN says.
RESOURCES_IT_RUNS = (
    "parallel_gateways.bpmn",
    "parallel_branches_of_unequal_length.bpmn",
    "subprocess.bpmn",
    "terminate_in_subprocess.bpmn",
    "terminate_end_event.bpmn",
)


class StockCase:
    """A case of the stock library."""

    def __init__(self, resource: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(RESOURCES / resource))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        return sorted(found.task_spec.bpmn_id for found in self._ready())

    def do(self, element_id: str) -> None:
        next(found for found in self._ready() if found.task_spec.bpmn_id == element_id).run()
        self.workflow.do_engine_steps()

    def _ready(self) -> Iterator:
        return self.workflow.get_tasks_iterator(state=TaskState.READY, manual=True)


@pytest.fixture(autouse=True)
def _quiet_library(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "spiff")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("resource", RESOURCES_IT_RUNS)
def test_the_same_user_tasks_are_open(resource: str, seed: int) -> None:
    chance = random.Random(seed)
    ours, theirs = Case(resource, is_saved=True).start(), StockCase(resource)
    while ours.open:
        assert ours.open == theirs.open
        step = chance.choice(ours.open)
        ours.do(step)
        theirs.do(step)
    assert (ours.is_ended, theirs.workflow.is_completed()) == (True, True)
