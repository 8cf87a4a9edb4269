"""Where the stock library is right, the engine waits for the same after every step."""

from __future__ import annotations

import io
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from tests.unit.engine.case import RESOURCES, Case, document
from tests.unit.engine.test_random_processes import Block, Drawing

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

    def __init__(self, diagram: bytes, data: dict[str, object]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(diagram))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.task_tree.data.update(data)
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        return sorted(found.task_spec.bpmn_id for found in self._ready())

    @property
    def waiting(self) -> list[str]:
        return sorted(found.task_spec.bpmn_id for found in self._events())

    def do(self, element_id: str) -> None:
        next(found for found in self._ready() if found.task_spec.bpmn_id == element_id).run()
        self.workflow.do_engine_steps()

    def happen(self, element_id: str) -> None:
        """The first timer or message of this element."""
        event = next(found for found in self._events() if found.task_spec.bpmn_id == element_id)
        definition = event.task_spec.event_definition
        if isinstance(definition, TimerEventDefinition):
            event.internal_data["event_value"] = "2000-01-01T00:00:00+00:00"
            self.workflow.refresh_timers()
        else:
            self.workflow.send_event(BpmnEvent(MessageEventDefinition(definition.name), payload={}))
        self.workflow.do_engine_steps()

    def _ready(self) -> Iterator:
        return self.workflow.get_tasks_iterator(state=TaskState.READY, manual=True)

    def _events(self) -> list:
        return [
            found
            for found in self.workflow.get_tasks(state=TaskState.WAITING)
            if hasattr(found.task_spec, "event_definition")
        ]


@pytest.fixture(autouse=True)
def _quiet_library(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "spiff")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("resource", RESOURCES_IT_RUNS)
def test_the_same_user_tasks_are_open(resource: str, seed: int) -> None:
    chance = random.Random(seed)
    ours, theirs = Case(resource, is_saved=True).start(), StockCase((RESOURCES / resource).read_bytes(), {})
    while ours.open:
        assert ours.open == theirs.open
        step = chance.choice(ours.open)
        ours.do(step)
        theirs.do(step)
    assert (ours.is_ended, theirs.workflow.is_completed()) == (True, True)


FLAGS = ("c0", "c1", "c2", "c3")
# The kinds of blocks that the library runs as BPMN says, whatever is put inside them.
ITS_BLOCKS = st.recursive(
    st.sampled_from([("task", []), ("timer", []), ("message", [])]),
    lambda inner: st.tuples(
        st.sampled_from(
            ["sequence", "parallel", "choice", "inclusive", "subprocess", "guarded", "sequential", "instances"]
        ),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@dataclass
class BothDrawing(Drawing):
    """The same diagram for the engine and, with Python for FEEL, for the library."""

    is_for_library: bool = False
    messages: list[str] = field(default_factory=list)

    @property
    def hour(self) -> str:
        text = '"PT1H"' if self.is_for_library else "PT1H"
        return f"<bpmn:timerEventDefinition><bpmn:timeDuration>{text}</bpmn:timeDuration></bpmn:timerEventDefinition>"

    def draw_timer(self, _inner: list[Block]) -> tuple[str, str]:
        name = self.node("intermediateCatchEvent", inside=self.hour)
        return name, name

    def draw_message(self, _inner: list[Block]) -> tuple[str, str]:
        message = f"m{next(self.numbers)}"
        self.messages.append(f'<bpmn:message id="{message}" name="{message}"/>')
        inside = f'<bpmn:messageEventDefinition messageRef="{message}"/>'
        name = self.node("intermediateCatchEvent", inside=inside)
        return name, name

    def draw_choice(self, inner: list[Block]) -> tuple[str, str]:
        """Conditions stay as they are in the whole case: the library gives each branch data of its own."""
        default = f"d{next(self.numbers)}"
        split = self.node("exclusiveGateway", f'default="{default}"')
        join = self.node("exclusiveGateway")
        for flag, (begin, end) in zip(FLAGS, map(self.block, inner), strict=False):
            self.flow(split, begin, flag)
            self.flow(end, join)
        self.flow(split, join, name=default)
        return split, join

    def draw_guarded(self, inner: list[Block]) -> tuple[str, str]:
        """A user task that a timer interrupts; the blocks behind it come first or second."""
        host = self.node("userTask")
        late = self.node("boundaryEvent", f'attachedToRef="{host}"', self.hour)
        begin, end = self.draw_sequence(inner)
        join = self.node("exclusiveGateway")
        self.flow(host, join)
        self.flow(late, begin)
        self.flow(end, join)
        return host, join

    def draw_inclusive(self, inner: list[Block]) -> tuple[str, str]:
        """Each path whose flag is set, or the default; the join waits for those taken."""
        default = f"d{next(self.numbers)}"
        split, join = self.node("inclusiveGateway", f'default="{default}"'), self.node("inclusiveGateway")
        for flag, (begin, end) in zip(FLAGS, map(self.block, inner), strict=False):
            self.flow(split, begin, flag)
            self.flow(end, join)
        self.flow(split, join, name=default)
        return split, join

    def draw_sequential(self, _inner: list[Block]) -> tuple[str, str]:
        return self._draw_two_times("true")

    def draw_instances(self, _inner: list[Block]) -> tuple[str, str]:
        return self._draw_two_times("false")

    def _draw_two_times(self, is_sequential: str) -> tuple[str, str]:
        number = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
        marker = f'<bpmn:multiInstanceLoopCharacteristics isSequential="{is_sequential}">{number}'
        name = self.node("userTask", inside=f"{marker}</bpmn:multiInstanceLoopCharacteristics>")
        return name, name

    def inner_level(self) -> BothDrawing:
        return BothDrawing(numbers=self.numbers, is_for_library=self.is_for_library, messages=self.messages)

    def draw_subprocess(self, inner: list[Block]) -> tuple[str, str]:
        level = self.inner_level()
        level.draw_level(inner)
        name = self.node("subProcess", inside="".join(level.nodes))
        return name, name

    def draw_level(self, inner: list[Block]) -> None:
        start, end = self.node("startEvent"), self.node("endEvent")
        begin, last = self.draw_sequence(inner)
        self.flow(start, begin)
        self.flow(last, end)

    @classmethod
    def diagram(cls, block: Block, *, is_for_library: bool) -> bytes:
        drawing = cls(is_for_library=is_for_library)
        drawing.draw_level([block])
        return document(
            *drawing.messages, '<bpmn:process id="p" isExecutable="true">', *drawing.nodes, "</bpmn:process>"
        )


@contextmanager
def where_it_is_right() -> Iterator[None]:
    """Leave a diagram out that breaks the library: instances it has predicted behind an event, it cannot make."""
    try:
        yield
    except WorkflowException as error:
        if "non-predicted child" not in str(error):
            raise
        reject()


@settings(max_examples=40, deadline=None)
@given(ITS_BLOCKS, st.tuples(*[st.booleans()] * len(FLAGS)), st.booleans(), st.integers(0, 2**32))
def test_random_processes_wait_for_the_same(block: Block, flags: tuple[bool, ...], is_saved: bool, seed: int) -> None:
    chance = random.Random(seed)
    data = dict(zip(FLAGS, flags, strict=True))
    ours = Case(BothDrawing.diagram(block, is_for_library=False), is_saved=is_saved).start(data, business_key="K")
    with where_it_is_right():
        theirs = StockCase(BothDrawing.diagram(block, is_for_library=True), dict(data))
    while not ours.is_ended:
        timers = [element_id for element_id, _due in ours.timers.values()]
        messages = [change.element_id for change in ours.subscriptions.values()]
        assert (ours.open, sorted(timers + messages)) == (theirs.open, theirs.waiting)
        step = chance.choice([*ours.open, *timers, *messages])
        is_open = step in ours.open
        with where_it_is_right():
            (theirs.do if is_open else theirs.happen)(step)
        if is_open:
            ours.do(step)
        else:
            (ours.fire if step in timers else ours.receive)(step)
    assert theirs.workflow.is_completed()
    ours.play_again()
