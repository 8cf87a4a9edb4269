"""Transactions: done, cancelled with everything undone, or left with an error (BPMN 2.0.2, 10.3.5)."""

from __future__ import annotations

import pytest

from app import engine
from tests.unit.engine.case import flows, process_of, undone
from tests.unit.engine.conftest import NewCase

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
CANCEL = "<bpmn:cancelEventDefinition/>"
LEAVE = f'<bpmn:boundaryEvent id="leave" attachedToRef="x">{CANCEL}</bpmn:boundaryEvent>' + flows("leave e")


def test_a_transaction_that_goes_well_is_left_by_its_flow(new_case: NewCase) -> None:
    case = new_case("transaction.bpmn").start().do("a").do("b").do("c").do("decide", answer="go")
    assert case.end_event_id == "end"


def test_a_cancelled_transaction_withdraws_what_is_open_and_undoes_what_was_completed(new_case: NewCase) -> None:
    case = new_case("transaction.bpmn").start().do("a").do("b")
    assert case.open == ["c", "decide"]
    case.do("decide", answer="stop")
    # The inner subprocess is still open, but what was completed in it is undone as well.
    assert case.open == ["undo_b"]
    assert case.do("undo_b").open == ["undo_a"]
    assert case.do("undo_a").end_event_id == "end_cancelled"


def test_what_a_withdrawn_compensation_has_not_undone_yet_is_undone_by_the_cancellation(new_case: NewCase) -> None:
    back = '<bpmn:intermediateThrowEvent id="back"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>'
    inside = (
        '<bpmn:startEvent id="i"/><bpmn:userTask id="stop"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
        + undone("a") + undone("b") + back
        + f'<bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>'
        + flows("i a", "i stop", "a b", "b back", "stop c", "back c")
    )  # fmt: skip
    transaction = f'<bpmn:transaction id="x">{inside}</bpmn:transaction>'
    case = new_case(process_of(START, transaction, LEAVE, END, flows("s x", "x e"))).start().do("a").do("b")
    assert case.open == ["stop", "undo_b"]
    assert case.do("stop").open == ["undo_a"]
    assert case.do("undo_a").end_event_id == "e"


def test_what_had_not_completed_is_not_undone_itself(new_case: NewCase) -> None:
    """The subprocess has a handler, but was still open: only what was completed inside is undone."""

    part = '<bpmn:subProcess id="part"><bpmn:userTask id="a"/><bpmn:userTask id="b"/>' + undone("a") + flows("a b")
    inside = (
        '<bpmn:startEvent id="i"/><bpmn:userTask id="stop"/>' + part + "</bpmn:subProcess>" + undone("part")
        + f'<bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>' + flows("i part", "i stop", "stop c", "part c")
    )  # fmt: skip
    transaction = f'<bpmn:transaction id="x">{inside}</bpmn:transaction>'
    case = new_case(process_of(START, transaction, LEAVE, END, flows("s x", "x e"))).start().do("a").do("stop")
    assert case.open == ["undo_a"]
    assert case.do("undo_a").end_event_id == "e"


def test_a_transaction_with_nothing_to_undo_is_left_at_once(new_case: NewCase) -> None:
    inside = f'<bpmn:startEvent id="i"/><bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>' + flows("i c")
    source = process_of(START, f'<bpmn:transaction id="x">{inside}</bpmn:transaction>', LEAVE, END, flows("s x", "x e"))
    case = new_case(source).start()
    assert (case.is_ended, "leave_e" in case.flows, "x_e" in case.flows) == (True, True, False)


def test_a_hazard_is_an_error_and_undoes_nothing(new_case: NewCase) -> None:
    case = new_case("transaction.bpmn").start().do("a").do("b").do("decide", answer="break")
    assert case.end_event_id == "end_broken"


def test_each_instance_around_a_transaction_is_cancelled_for_itself(new_case: NewCase) -> None:
    inside = (
        '<bpmn:startEvent id="i"/><bpmn:userTask id="u"/><bpmn:exclusiveGateway id="g" default="g_d"/>'
        '<bpmn:sequenceFlow id="g_c" sourceRef="g" targetRef="c"><bpmn:conditionExpression>bad'
        f'</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>'
        '<bpmn:endEvent id="d"/>' + flows("i u", "u g", "g d")
    )
    several = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="[1, 2]"/><bpmn:startEvent id="j"/>'
    around = f'<bpmn:subProcess id="y">{several}<bpmn:transaction id="x">{inside}</bpmn:transaction>{LEAVE}{END}'
    source = process_of(around + flows("j x", "x e") + "</bpmn:subProcess>")
    case = new_case(source).start().do("u", bad=True)
    assert case.open == ["u"]
    assert case.do("u", bad=False).is_ended
    assert (case.flows.count("leave_e"), case.flows.count("x_e")) == (1, 1)


@pytest.mark.parametrize(
    ("attributes", "inside", "more", "code"),
    [
        ("", "", "", "no_cancel_event"),
        ("", "<bpmn:standardLoopCharacteristics loopMaximum='2'/>", LEAVE, "repeated_transaction"),
        ("", "", LEAVE + LEAVE.replace("leave", "leave2"), "cancel_twice"),
        ('method="##Store"', "", LEAVE, "value"),
        ('protocol="x"', "", LEAVE, "attribute"),
    ],
)
def test_faulty_transactions_are_refused(attributes: str, inside: str, more: str, code: str) -> None:
    inside += f'<bpmn:startEvent id="i"/><bpmn:endEvent id="c">{CANCEL}</bpmn:endEvent>' + flows("i c")
    transaction = f'<bpmn:transaction id="x" {attributes}>{inside}</bpmn:transaction>'
    with pytest.raises(engine.DeploymentRefused) as refusal:
        engine.parse(process_of(START, transaction, more, END, flows("s x", "x e")), "x.bpmn")
    assert [found.code for found in refusal.value.problems] == [code]
