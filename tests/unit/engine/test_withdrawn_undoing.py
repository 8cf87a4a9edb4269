"""An undoing that is withdrawn half-way: what it has not undone yet can still be undone."""

from __future__ import annotations

import pytest

from app.engine import state_codec
from tests.unit.engine.case import Case, context, flows, process_of, undone
from tests.unit.engine.conftest import NewCase

COMPENSATE = "<bpmn:compensateEventDefinition/>"
CANCEL = "<bpmn:cancelEventDefinition/>"
STOP = "<bpmn:conditionalEventDefinition><bpmn:condition>=stop</bpmn:condition></bpmn:conditionalEventDefinition>"
BY_EVENT = (
    f'<bpmn:subProcess id="undoing" triggeredByEvent="true"><bpmn:startEvent id="us">{COMPENSATE}</bpmn:startEvent>'
    f'<bpmn:userTask id="first"/><bpmn:endEvent id="ue">{COMPENSATE}</bpmn:endEvent>'
    + flows("us first", "first ue")
    + "</bpmn:subProcess>"
)
TWICE = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)


WORK = '<bpmn:userTask id="a"/><bpmn:userTask id="b"/>' + undone("a") + undone("b") + flows("a b")


def inside(*more: str) -> str:
    return f'<bpmn:subProcess id="work">{"".join(more)}{WORK}</bpmn:subProcess>'


WORKS = {
    "side by side": (WORK, "a", "b", 1, []),
    "inside a subprocess": (inside(), "work", "work", 1, []),
    "inside instances": (inside(TWICE), "work", "work", 2, ["undo_b", "undo_a"]),
    "undone by an event subprocess": (inside(BY_EVENT), "work", "work", 1, []),
}


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize("way", ["cancelled", "interrupted"])
def test_what_is_left_is_undone_after_all(new_case: NewCase, name: str, way: str) -> None:
    work, first, last, rounds, later = WORKS[name]
    begin = '<bpmn:startEvent id="s"/>' + work
    throw = f'<bpmn:endEvent id="back">{COMPENSATE}</bpmn:endEvent>'
    if way == "cancelled":
        stop = f'<bpmn:userTask id="stop"/><bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>'
        level = begin + throw + stop + flows(f"s {first}", f"{last} back", "s stop", "stop c")
        leave = f'<bpmn:boundaryEvent id="leave" attachedToRef="x">{CANCEL}</bpmn:boundaryEvent>'
        around = f'<bpmn:startEvent id="S"/><bpmn:transaction id="x">{level}</bpmn:transaction><bpmn:endEvent id="e"/>'
        case = new_case(process_of(around, leave, flows("S x", "x e", "leave e"))).start()
    else:
        handler = (
            f'<bpmn:subProcess id="h" triggeredByEvent="true"><bpmn:startEvent id="hs">{STOP}</bpmn:startEvent>'
            f'<bpmn:endEvent id="again">{COMPENSATE}</bpmn:endEvent>' + flows("hs again") + "</bpmn:subProcess>"
        )
        case = new_case(process_of(begin, throw, handler, flows(f"s {first}", f"{last} back"))).start()
    for _round in range(rounds):
        case.do("a").do("b")
    if "first" in case.open:
        case.do("first")
    assert "undo_b" in case.open  # and is withdrawn
    case = case.do("stop") if way == "cancelled" else case.set(case.root, stop=True)
    for expected in ["undo_a", *later]:
        assert case.open == [expected]
        case.do(expected)
    assert case.is_ended


def test_what_an_event_subprocess_of_a_transaction_was_undoing_is_undone_by_the_cancellation(new_case: NewCase) -> None:
    throws = (
        '<bpmn:subProcess id="h" triggeredByEvent="true"><bpmn:startEvent id="hs" isInterrupting="false">'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
        f'<bpmn:endEvent id="back">{COMPENSATE}</bpmn:endEvent>' + flows("hs back") + "</bpmn:subProcess>"
    )
    end = f'<bpmn:userTask id="stop"/><bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>'
    level = '<bpmn:startEvent id="s"/>' + WORK + throws + end + flows("s a", "b stop", "stop c")
    leave = f'<bpmn:boundaryEvent id="leave" attachedToRef="x">{CANCEL}</bpmn:boundaryEvent>'
    around = f'<bpmn:startEvent id="S"/><bpmn:transaction id="x">{level}</bpmn:transaction><bpmn:endEvent id="e"/>'
    source = process_of(around, leave, flows("S x", "x e", "leave e"))
    source = source.replace(b"<bpmn:process ", b'<bpmn:message id="m" name="m"/><bpmn:process ', 1)
    case = new_case(source).start().do("a").do("b").receive("hs")
    assert case.open == ["stop", "undo_b"]
    assert case.do("stop").open == ["undo_a"]
    assert case.do("undo_a").is_ended


def test_what_a_state_of_an_older_version_does_not_tell_is_not_undone() -> None:
    stop = f'<bpmn:userTask id="stop"/><bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>'
    throw = f'<bpmn:endEvent id="back">{COMPENSATE}</bpmn:endEvent>'
    level = '<bpmn:startEvent id="s"/>' + inside() + throw + stop + flows("s work", "work back", "s stop", "stop c")
    leave = f'<bpmn:boundaryEvent id="leave" attachedToRef="x">{CANCEL}</bpmn:boundaryEvent>'
    around = f'<bpmn:startEvent id="S"/><bpmn:transaction id="x">{level}</bpmn:transaction><bpmn:endEvent id="e"/>'
    case = Case(process_of(around, leave, flows("S x", "x e", "leave e")), is_saved=True).start().do("a").do("b")
    runtime = state_codec.load(case.process, case.state or b"", context())
    frames = [frame for token in list(runtime.tokens.values()) for frame in token.kept_data.get("undoing", ())]
    assert [frame.pop("node") for frame in frames] == ["", "work"]
    for scope in list(runtime.scopes.values()):
        scope.touch()
    case.state = state_codec.dump(runtime)
    assert case.do("stop").is_ended
