"""Processes put together at random from blocks: each must reach its end, whatever the order of work."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.case import Case, process_of

Block = tuple[str, list["Block"]]  # kind and what is inside

HOURLY = "<bpmn:timerEventDefinition><bpmn:timeCycle>R2/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"
HEADS = "<bpmn:conditionalEventDefinition><bpmn:condition>coin</bpmn:condition></bpmn:conditionalEventDefinition>"
KINDS = ["sequence", "parallel", "inclusive", "choice", "loop", "subprocess", "instances", "timer"]
KINDS += ["beside", "interrupted", "stopped", "boundary"]
BLOCKS = st.recursive(
    st.just(("task", [])),
    lambda inner: st.tuples(
        st.sampled_from(KINDS),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@dataclass
class Drawing:
    """XML of a process while it is put together; each block has one way in and one way out."""

    nodes: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def node(self, tag: str, attributes: str = "", inside: str = "") -> str:
        name = f"n{next(self.numbers)}"
        self.nodes.append(f'<bpmn:{tag} id="{name}" {attributes}>{inside}</bpmn:{tag}>')
        return name

    def flow(self, source: str, target: str, condition: str = "", name: str = "") -> None:
        inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        name = name or f"f{next(self.numbers)}"
        ends = f'sourceRef="{source}" targetRef="{target}"'
        self.nodes.append(f'<bpmn:sequenceFlow id="{name}" {ends}>{inside}</bpmn:sequenceFlow>')

    def block(self, block: Block) -> tuple[str, str]:
        """Draw a block; where it begins and where it ends."""
        kind, inner = block
        return getattr(self, f"draw_{kind}")(inner)

    def draw_task(self, _inner: list[Block]) -> tuple[str, str]:
        name = self.node("userTask")
        return name, name

    def draw_timer(self, _inner: list[Block]) -> tuple[str, str]:
        hour = "<bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        definition = f"<bpmn:timerEventDefinition>{hour}</bpmn:timerEventDefinition>"
        name = self.node("intermediateCatchEvent", inside=definition)
        return name, name

    def draw_sequence(self, inner: list[Block]) -> tuple[str, str]:
        ends = [self.block(block) for block in inner]
        for (_begin, end), (begin, _end) in itertools.pairwise(ends):
            self.flow(end, begin)
        return ends[0][0], ends[-1][1]

    def _gateways(self, tag: str, inner: list[Block], condition: str, default: str = "") -> tuple[str, str]:
        split = self.node(tag, f'default="{default}"' if default else "")
        join = self.node(tag)
        for begin, end in map(self.block, inner):
            self.flow(split, begin, condition)
            self.flow(end, join)
        return split, join

    def draw_parallel(self, inner: list[Block]) -> tuple[str, str]:
        # A gateway that neither splits nor joins is refused.
        return self._gateways("parallelGateway", inner, "") if len(inner) > 1 else self.block(inner[0])

    def draw_inclusive(self, inner: list[Block]) -> tuple[str, str]:
        default = f"d{next(self.numbers)}"
        split, join = self._gateways("inclusiveGateway", inner, "coin", default)
        self.flow(split, join, name=default)
        return split, join

    def draw_choice(self, inner: list[Block]) -> tuple[str, str]:
        default = f"d{next(self.numbers)}"
        split, join = self._gateways("exclusiveGateway", inner, "coin", default)
        self.flow(split, join, name=default)
        return split, join

    def draw_loop(self, inner: list[Block]) -> tuple[str, str]:
        back = f"d{next(self.numbers)}"
        merge = self.node("exclusiveGateway")
        # A user task in each round, or a round whose ways are all empty would never come to rest.
        begin, end = self.draw_sequence([("task", []), *inner])
        again = self.node("exclusiveGateway", f'default="{back}"')
        leave = self.node("task")
        self.flow(merge, begin)
        self.flow(end, again)
        self.flow(again, merge, name=back)
        self.flow(again, leave, "coin")
        return merge, leave

    def _inside(self, inner: list[Block], marker: str = "") -> tuple[str, str]:
        level = Drawing(numbers=self.numbers)
        start, end = level.node("startEvent"), level.node("endEvent")
        begin, last = level.draw_sequence(inner)
        level.flow(start, begin)
        level.flow(last, end)
        name = self.node("subProcess", inside=marker + "".join(level.nodes))
        return name, name

    def draw_subprocess(self, inner: list[Block]) -> tuple[str, str]:
        return self._inside(inner)

    def _handler(self, inner: list[Block], definition: str, is_interrupting: str) -> tuple[str, str]:
        """The blocks in a subprocess, the first of them also in its event subprocess."""
        level = Drawing(numbers=self.numbers)
        start = level.node("startEvent", f'isInterrupting="{is_interrupting}"', definition)
        begin, last = level.block(inner[0])
        level.flow(start, begin)
        level.flow(last, level.node("endEvent"))
        name = f"n{next(self.numbers)}"
        handler = f'<bpmn:subProcess id="{name}" triggeredByEvent="true">{"".join(level.nodes)}</bpmn:subProcess>'
        return self._inside(inner, handler)

    def draw_beside(self, inner: list[Block]) -> tuple[str, str]:
        return self._handler(inner, HOURLY, "false")

    def draw_interrupted(self, inner: list[Block]) -> tuple[str, str]:
        return self._handler(inner, HOURLY, "true")

    def draw_stopped(self, inner: list[Block]) -> tuple[str, str]:
        return self._handler(inner, HEADS, "true")

    def draw_boundary(self, inner: list[Block]) -> tuple[str, str]:
        """A subprocess that a condition or a timer may interrupt."""
        name, _last = self._inside(inner)
        event = self.node("boundaryEvent", f'attachedToRef="{name}"', HEADS + HOURLY)
        merge = self.node("task")
        self.flow(name, merge)
        self.flow(event, merge)
        return name, merge

    def draw_instances(self, inner: list[Block]) -> tuple[str, str]:
        return self._inside(inner, '<bpmn:multiInstanceLoopCharacteristics camunda:collection="=[1, 2]"/>')


def drawn(block: Block) -> bytes:
    drawing = Drawing()
    start, end = drawing.node("startEvent"), drawing.node("endEvent")
    begin, last = drawing.block(block)
    drawing.flow(start, begin)
    drawing.flow(last, end)
    return process_of(*drawing.nodes)


@settings(max_examples=60, deadline=None)
@given(BLOCKS, st.booleans(), st.integers(0, 2**32))
def test_a_structured_process_always_reaches_its_end(block: Block, is_saved: bool, seed: int) -> None:
    chance = random.Random(seed)
    case = Case(drawn(block), is_saved=is_saved, max_steps=2_000).start({"coin": chance.random() < 0.5})
    for step in range(400):
        if case.is_ended:
            break
        waiting = [("user", task.element_id) for task in case.user_tasks.values()]
        waiting += [("timer", element_id) for element_id, _due in case.timers.values()]
        assert waiting, "a case that has not ended waits for somebody or something"
        kind, element_id = chance.choice(waiting)
        # Loops end sooner or later: from a certain step on the coin always shows heads.
        case.do(element_id, coin=step > 100 or chance.random() < 0.5) if kind == "user" else case.fire(element_id)
    else:
        raise AssertionError("the case did not end")
    assert case.incidents == []
