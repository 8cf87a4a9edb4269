from __future__ import annotations

from datetime import timedelta

import pytest

from app import engine
from tests.unit.engine.case import NOW, document, flows
from tests.unit.engine.conftest import NewCase

DECLARED = (
    '<bpmn:message id="m" name="changed"/><bpmn:message id="m2" name="paid"/><bpmn:signal id="sig" name="alarm"/>'
    '<bpmn:error id="err" errorCode="lost"/><bpmn:escalation id="esc" escalationCode="late"/>'
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'
PAID = '<bpmn:messageEventDefinition messageRef="m2"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="err"/>'
HOUR = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
ALWAYS = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>=n &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition>"
)
START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
ALL = 'parallelMultiple="true"'


def process(*elements: str, declared: str = "") -> bytes:
    return document(DECLARED, declared, '<bpmn:process id="p" isExecutable="true">', *elements, "</bpmn:process>")


def catch(definitions: str, attributes: str = "") -> bytes:
    event = f'<bpmn:intermediateCatchEvent id="c" {attributes}>{definitions}</bpmn:intermediateCatchEvent>'
    return process(START, event, END, flows("s c", "c e"))


def boundary(definitions: str, attributes: str = "") -> bytes:
    event = f'<bpmn:boundaryEvent id="b" attachedToRef="work" {attributes}>{definitions}</bpmn:boundaryEvent>'
    tasks = '<bpmn:userTask id="work"/><bpmn:userTask id="told"/>'
    return process(START, tasks, event, END, flows("s work", "work e", "b told", "told e"))


def test_the_first_of_several_counts(new_case: NewCase) -> None:
    for happen in ("receive", "hear", "fire"):
        case = new_case(catch(MESSAGE + SIGNAL + HOUR)).start()
        assert (len(case.subscriptions), len(case.timers)) == (2, 1)
        getattr(case, happen)("c")
        assert (case.is_ended, case.subscriptions, case.timers, case.flows) == (True, {}, {}, ["s_c", "c_e"])


def test_a_condition_among_them(new_case: NewCase) -> None:
    case = new_case(catch(MESSAGE + CONDITION)).start({"n": 9})
    assert (case.is_ended, case.flows) == (True, ["s_c", "c_e"])


def test_all_of_them_must_happen_in_any_order(new_case: NewCase) -> None:
    case = new_case(catch(MESSAGE + SIGNAL + HOUR, ALL)).start().hear("c").fire("c")
    assert (case.is_ended, len(case.subscriptions), case.timers) == (False, 1, {})
    assert case.receive("c", said="yes").is_ended
    assert (case.flows, case.value("said")) == (["s_c", "c_e"], "yes")


def test_two_messages_in_one_event(new_case: NewCase) -> None:
    case = new_case(catch(MESSAGE + PAID, ALL)).start()
    assert sorted(one.name for one in case.subscriptions.values()) == ["changed", "paid"]
    assert case.receive("c").receive("c").is_ended


def test_on_the_boundary_the_first_interrupts(new_case: NewCase) -> None:
    case = new_case(boundary(MESSAGE + HOUR)).start().fire("b")
    assert (case.open, case.subscriptions, case.timers) == (["told"], {}, {})


def test_beside_each_goes_on_waiting_for_itself(new_case: NewCase) -> None:
    case = new_case(boundary(MESSAGE + ALWAYS, 'cancelActivity="false"')).start().receive("b").fire("b").receive("b")
    assert case.open == ["told", "told", "told", "work"]
    assert [due for _name, due in case.timers.values()] == [NOW + timedelta(hours=2)]


def test_on_the_boundary_all_must_happen(new_case: NewCase) -> None:
    case = new_case(boundary(MESSAGE + SIGNAL, ALL)).start().hear("b")
    assert (case.open, len(case.subscriptions)) == (["work"], 1)
    assert case.receive("b").open == ["told"]


def test_beside_all_must_happen_each_time(new_case: NewCase) -> None:
    case = new_case(boundary(MESSAGE + SIGNAL, f'{ALL} cancelActivity="false"')).start().hear("b").receive("b")
    assert (case.open, len(case.subscriptions)) == (["told", "work"], 2)
    assert case.receive("b").hear("b").open == ["told", "told", "work"]
    assert case.do("work").subscriptions == {}


@pytest.mark.parametrize("is_handler", [False, True])
def test_beside_conditions_must_all_turn_true_each_time(new_case: NewCase, is_handler: bool) -> None:
    """True as they stay they happen once, like a single one: else they would happen for ever."""
    both = CONDITION + CONDITION.replace("n &gt;", "m &gt;")
    level = START + '<bpmn:userTask id="work"/>' + END + flows("s work", "work e")
    start = f'<bpmn:startEvent id="h" isInterrupting="false" {ALL}>{both}</bpmn:startEvent><bpmn:userTask id="told"/>'
    handler = f'<bpmn:subProcess id="sub" triggeredByEvent="true">{start}{flows("h told")}</bpmn:subProcess>'
    source = process(level, handler) if is_handler else boundary(both, f'{ALL} cancelActivity="false"')
    case = new_case(source).start({"n": 6, "m": 6})
    assert case.open == ["told", "work"]
    case.set(case.root, n=1).set(case.root, n=7)
    assert case.open == ["told", "work"], "the other one has not turned true again"
    case.set(case.root, m=1).set(case.root, m=7)
    assert case.open == ["told", "told", "work"]


def test_beside_a_timer_among_them_goes_on_with_its_cycle(new_case: NewCase) -> None:
    case = new_case(boundary(MESSAGE + ALWAYS, f'{ALL} cancelActivity="false"')).start().fire("b").wait(minutes=7)
    assert case.receive("b").open == ["told", "work"]
    assert [due for _name, due in case.timers.values()] == [NOW + timedelta(hours=2)]
    once = new_case(boundary(MESSAGE + HOUR, f'{ALL} cancelActivity="false"')).start().fire("b").receive("b")
    assert (once.open, once.timers, once.subscriptions) == (["told", "work"], {}, {}), "it cannot happen again"


def test_an_error_or_a_message_on_the_boundary(new_case: NewCase) -> None:
    job = '<bpmn:serviceTask id="work" camunda:type="external" camunda:topic="t"/><bpmn:userTask id="told"/>'
    event = f'<bpmn:boundaryEvent id="b" attachedToRef="work">{MESSAGE}{ERROR}</bpmn:boundaryEvent>'
    source = process(START, job, event, END, flows("s work", "work e", "b told", "told e"))
    assert new_case(source).start().receive("b").open == ["told"]
    case = new_case(source).start().fail("work", "lost")
    assert (case.open, case.subscriptions) == (["told"], {})


@pytest.mark.parametrize("attributes", ["", ALL])
def test_an_event_subprocess_begins_by_one_or_by_all(new_case: NewCase, attributes: str) -> None:
    start = f'<bpmn:startEvent id="h" isInterrupting="false" {attributes}>{MESSAGE}{SIGNAL}</bpmn:startEvent>'
    handler = f'<bpmn:subProcess id="sub" triggeredByEvent="true">{start}<bpmn:userTask id="told"/>{flows("h told")}'
    level = START + '<bpmn:userTask id="work"/>' + END + flows("s work", "work e")
    case = new_case(process(level, handler, "</bpmn:subProcess>")).start().hear("h").receive("h")
    assert case.open == (["told", "work"] if attributes else ["told", "told", "work"])
    assert len(case.subscriptions) == 2


def test_behind_an_event_based_gateway(new_case: NewCase) -> None:
    event = f'<bpmn:intermediateCatchEvent id="c">{MESSAGE}{SIGNAL}</bpmn:intermediateCatchEvent>'
    late = f'<bpmn:intermediateCatchEvent id="t">{HOUR}</bpmn:intermediateCatchEvent><bpmn:eventBasedGateway id="g"/>'
    source = process(START, event, late, END, flows("s g", "g c", "g t", "c e", "t e"))
    case = new_case(source).start().hear("c")
    assert (case.is_ended, case.flows, case.subscriptions, case.timers) == (True, ["s_g", "g_c", "c_e"], {}, {})
    assert new_case(source).start().fire("t").subscriptions == {}


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_all_are_thrown(new_case: NewCase, kind: str) -> None:
    event = f'<bpmn:{kind} id="t">{MESSAGE}{SIGNAL}</bpmn:{kind}>'
    rest = END + flows("s t", "t e") if kind == "intermediateThrowEvent" else flows("s t")
    case = new_case(process(START, event, rest)).start()
    assert (case.is_ended, [name for name, *_rest in case.messages], case.signals) == (
        True,
        ["changed"],
        [("alarm", {})],
    )


def test_an_error_is_thrown_after_all_others(new_case: NewCase) -> None:
    inside = f'<bpmn:startEvent id="s1"/><bpmn:endEvent id="t">{ERROR}{MESSAGE}</bpmn:endEvent>' + flows("s1 t")
    event = f'<bpmn:boundaryEvent id="b" attachedToRef="sub">{ERROR}</bpmn:boundaryEvent>'
    sub = f'<bpmn:subProcess id="sub">{inside}</bpmn:subProcess>'
    case = new_case(process(START, sub, event, END, flows("s sub", "sub e", "b e"))).start()
    assert (case.flows[-1], [name for name, *_rest in case.messages]) == ("b_e", ["changed"])


def test_definitions_outside_are_referred_to(new_case: NewCase) -> None:
    declared = '<bpmn:messageEventDefinition id="told" messageRef="m"/>' + HOUR.replace(" ", "", 0)
    declared = declared.replace("<bpmn:timerEventDefinition>", '<bpmn:timerEventDefinition id="late">')
    references = "<bpmn:eventDefinitionRef>told</bpmn:eventDefinitionRef>"
    references += "<bpmn:eventDefinitionRef>late</bpmn:eventDefinitionRef>"
    event = f'<bpmn:intermediateCatchEvent id="c">{references}</bpmn:intermediateCatchEvent>'
    case = new_case(process(START, event, END, flows("s c", "c e"), declared=declared)).start()
    assert (len(case.subscriptions), len(case.timers)) == (1, 1)
    assert case.receive("c").is_ended


def test_only_what_is_waited_for_can_be_waited_for_together() -> None:
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(boundary(MESSAGE + ERROR, ALL), "x.bpmn")
    assert [problem.code for problem in refused.value.problems] == ["parallel_multiple"]
