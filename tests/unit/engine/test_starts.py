from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app import engine
from app.engine import DueStart, StartTrigger
from tests.unit.engine.case import NOW, RESOURCES, context, document, flows, process_of, read
from tests.unit.engine.conftest import NewCase

DECLARED = (
    '<bpmn:message id="m" name="changed"/><bpmn:message id="m2" name="paid"/><bpmn:signal id="sig" name="alarm"/>'
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'
PAID = '<bpmn:messageEventDefinition messageRef="m2"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>=n &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def timer(text: str, kind: str = "timeCycle") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def start(name: str, definitions: str = "", attributes: str = "") -> str:
    """A start event with a user task of its own behind it."""
    event = f'<bpmn:startEvent id="{name}" {attributes}>{definitions}</bpmn:startEvent>'
    return event + f'<bpmn:userTask id="after_{name}"/>' + flows(f"{name} after_{name}", f"after_{name} e")


def process(*elements: str) -> bytes:
    body = '<bpmn:process id="p" isExecutable="true">' + "".join(elements) + '<bpmn:endEvent id="e"/></bpmn:process>'
    return document(DECLARED, body)


SEVERAL = process(start("by_hand"), start("told", MESSAGE), start("heard", SIGNAL), start("daily", timer("R/P1D")))


def test_what_starts_a_case_is_known() -> None:
    parsed = read(SEVERAL)
    kinds = [(trigger.element_id, trigger.kind, trigger.name) for trigger in parsed.start_triggers]
    assert kinds == [
        ("by_hand", "none", None),
        ("told", "message", "changed"),
        ("heard", "signal", "alarm"),
        ("daily", "timer", None),
    ]
    assert (parsed.start_message_names, parsed.is_startable) == (frozenset({"changed"}), True)
    assert not read(process(start("heard", SIGNAL))).is_startable


@pytest.mark.parametrize("name", ["by_hand", "told", "heard", "daily"])
def test_a_case_begins_at_the_start_event_that_is_named(new_case: NewCase, name: str) -> None:
    case = new_case(SEVERAL).start({"n": 1}, start_event_id=name)
    assert (case.open, case.flows) == ([f"after_{name}"], [f"{name}_after_{name}"])
    assert case.do(f"after_{name}").is_ended


def test_each_start_event_is_one_of_its_own(new_case: NewCase) -> None:
    assert new_case(SEVERAL).start().open == ["after_by_hand"]
    assert new_case(SEVERAL).start(message_name="changed").open == ["after_told"]


def test_there_must_be_such_a_start(new_case: NewCase) -> None:
    for wrong in ({"start_event_id": "after_told"}, {"message_name": "paid"}):
        with pytest.raises(engine.StartNotPossible):
            new_case(SEVERAL).start(**wrong)
    with pytest.raises(engine.StartNotPossible):
        new_case(process(start("heard", SIGNAL))).start()


def test_several_things_start_at_the_same_event(new_case: NewCase) -> None:
    source = process(start("s", MESSAGE + SIGNAL + CONDITION))
    assert [trigger.kind for trigger in read(source).start_triggers] == ["message", "signal", "conditional"]
    case = new_case(source).start(start_event_id="s")
    assert (case.open, case.subscriptions) == (["after_s"], {})


def test_a_start_that_needs_several_things_waits_for_the_rest(new_case: NewCase) -> None:
    source = process(start("s", MESSAGE + SIGNAL, 'parallelMultiple="true"'))
    case = new_case(source).start({"a": 1}, message_name="changed", business_key="A-1")
    assert (case.open, [one.name for one in case.subscriptions.values()]) == ([], ["alarm"])
    assert case.hear("s").open == ["after_s"]
    signal = read(source).start_triggers[1]
    case = new_case(source)
    case.start(trigger=next(one for one in case.process.start_triggers if one.kind == "signal"), business_key="A-1")
    assert [(one.name, one.correlation_key) for one in case.subscriptions.values()] == [("changed", "A-1")]
    assert case.receive("s").do("after_s").is_ended
    assert signal == StartTrigger("s", "signal", "alarm")


def test_a_receive_task_starts_a_case(new_case: NewCase) -> None:
    case = new_case("receive_task_instantiating.bpmn")
    assert (case.process.start_message_names, case.process.is_startable) == (frozenset({"order"}), False)
    case.start({"number": 7}, message_name="order")
    assert (case.open, case.subscriptions, case.value("number")) == (["work"], {}, Decimal(7))
    with pytest.raises(engine.StartNotPossible):
        new_case("receive_task_instantiating.bpmn").start()


@pytest.mark.parametrize(
    "waiting",
    [
        '<bpmn:receiveTask id="told" messageRef="m"/>',
        f'<bpmn:intermediateCatchEvent id="told">{MESSAGE}</bpmn:intermediateCatchEvent>',
    ],
)
def test_what_no_flow_leads_to_waits_where_nothing_has_happened_yet(new_case: NewCase, waiting: str) -> None:
    body = waiting + '<bpmn:userTask id="work"/><bpmn:userTask id="beside"/>' + flows("told work", "work e", "beside e")
    case = new_case(process(body)).start(business_key="A-1")
    assert (case.open, [one.name for one in case.subscriptions.values()]) == (["beside"], ["changed"])
    assert case.receive("told").open == ["beside", "work"]


def test_a_receive_task_that_starts_a_case_takes_in_its_data_outputs(new_case: NewCase) -> None:
    source = (RESOURCES / "message_tasks_with_data.bpmn").read_text(encoding="utf-8")
    begin, end = source.index('<bpmn:startEvent id="s"'), source.index('<bpmn:receiveTask id="wait"')
    source = source[:begin] + source[end:].replace('id="wait"', 'id="wait" instantiate="true"')
    for flow in ("s_send", "send_wait"):
        source = re.sub(f'<bpmn:sequenceFlow id="{flow}"[^>]*/>', "", source)
    case = new_case(source.encode()).start({"whatever": "so"}, message_name="answer")
    assert case.value("told") == "so"
    assert "whatever" not in {name for _scope, name in case.variables}


def test_one_of_the_events_behind_a_gateway_starts_a_case(new_case: NewCase) -> None:
    case = new_case("event_based_gateway_instantiating.bpmn").start(message_name="payment")
    assert (case.open, case.subscriptions, case.flows) == (["book"], {}, ["g_paid", "paid_book"])
    assert case.do("book").is_ended


def test_all_of_the_events_behind_a_gateway_happen_in_the_case(new_case: NewCase) -> None:
    case = new_case("event_based_gateway_instantiating_parallel.bpmn")
    case.start(message_name="payment", business_key="A-1")
    assert case.open == ["book"]
    assert [(one.name, one.correlation_key) for one in case.subscriptions.values()] == [("order", "A-1")]
    case.do("book")
    assert not case.is_ended, "the order must come before the case is complete"
    assert case.receive("ordered").do("pack").is_ended


@pytest.mark.parametrize("kind", ["Exclusive", "Parallel"])
def test_receive_tasks_behind_a_gateway_start_a_case_as_well(new_case: NewCase, kind: str) -> None:
    gateway = f'<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="{kind}"/>'
    tasks = '<bpmn:receiveTask id="r" messageRef="m"/><bpmn:receiveTask id="q" messageRef="m2"/><bpmn:userTask id="u"/>'
    ways = flows("g r", "g q", "r u", "q u", "u e")
    beside = '<bpmn:startEvent id="by_hand"/><bpmn:userTask id="v"/>' + flows("by_hand v", "v e")
    case = new_case(process(gateway, tasks, ways, beside)).start({"n": 1}, message_name="paid", business_key="A-1")
    assert (case.open, case.value("n")) == (["u"], Decimal(1))
    assert [one.name for one in case.subscriptions.values()] == (["changed"] if kind == "Parallel" else [])
    if kind == "Parallel":
        assert case.receive("r").open == ["u", "u"]


def test_a_called_process_begins_at_its_none_start_event(new_case: NewCase) -> None:
    call = '<bpmn:startEvent id="S"/><bpmn:callActivity id="call" calledElement="p"/><bpmn:endEvent id="E"/>'
    caller = f'<bpmn:process id="caller" isExecutable="true">{call}{flows("S call", "call E")}</bpmn:process>'
    both = SEVERAL.decode().replace('<bpmn:process id="p"', caller + '<bpmn:process id="p"')
    assert new_case(both.encode()).start().open == ["after_by_hand"]
    only = process(start("heard", SIGNAL)).decode().replace('<bpmn:process id="p"', caller + '<bpmn:process id="p"')
    with pytest.raises(engine.StepFailed, match="no none start event"):
        new_case(only.encode()).start()


def trigger_of(text: str, kind: str = "timeCycle") -> StartTrigger:
    return read(process(start("s", timer(text, kind)))).start_triggers[0]


def test_a_cycle_starts_case_after_case() -> None:
    trigger = trigger_of("R2/PT1H")
    first = engine.first_due(trigger, context())
    assert first == DueStart(NOW + timedelta(hours=1), 1)
    assert first is not None
    second = engine.next_due(trigger, first, context(now=NOW + timedelta(hours=3)))
    assert second == DueStart(NOW + timedelta(hours=2), 0)
    assert second is not None
    assert engine.next_due(trigger, second, context()) is None


def test_a_cycle_that_began_long_ago_starts_next_at_its_hour() -> None:
    trigger = trigger_of("R/2026-01-05T08:00:00/P1D")
    eight = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # in Shanghai, the day after NOW
    assert engine.first_due(trigger, context()) == DueStart(eight, None)
    assert engine.first_due(trigger_of("R2/2026-01-05T08:00:00/P1D"), context()) is None


def test_a_date_and_a_duration_start_one_case() -> None:
    for trigger, at in (
        (trigger_of("2026-03-09T09:00:00", "timeDate"), NOW + timedelta(days=7)),
        (trigger_of("PT5M", "timeDuration"), NOW + timedelta(minutes=5)),
        (trigger_of("=duration(&quot;PT5M&quot;)", "timeDuration"), NOW + timedelta(minutes=5)),
    ):
        due = engine.first_due(trigger, context())
        assert due == DueStart(at, None)
        assert due is not None
        assert engine.next_due(trigger, due, context()) is None
    assert engine.first_due(read(SEVERAL).start_triggers[0], context()) is None


def test_a_timer_that_starts_sees_no_variables() -> None:
    with pytest.raises(engine.StepFailed, match="does not exist") as failed:
        engine.first_due(trigger_of("=wait", "timeDuration"), context())
    assert failed.value.incident.element_id == "s"
    with pytest.raises(engine.StepFailed, match="no time"):
        engine.first_due(trigger_of("=1", "timeDuration"), context())


def test_a_condition_that_starts_is_asked_from_outside() -> None:
    (trigger,) = read(process(start("s", CONDITION))).start_triggers
    asked = [engine.start_condition_holds(trigger, {"n": Decimal(n)}, context()) for n in (1, 6)]
    assert [*asked, engine.start_condition_holds(trigger, {}, context())] == [False, True, False]


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        (start("a", MESSAGE) + start("b", MESSAGE), "start_twice"),
        ('<bpmn:receiveTask id="r" messageRef="m" instantiate="true"/>' + start("s") + flows("after_s r", "r e"),
         "instantiate"),
        ('<bpmn:receiveTask id="r" messageRef="m" instantiate="true" camunda:asyncBefore="true"/>' + flows("r e"),
         "instantiate"),
        (start("s", MESSAGE + SIGNAL, 'parallelMultiple="true" camunda:asyncBefore="true"'), "instantiate"),
    ],
)  # fmt: skip
def test_what_cannot_start_a_case_is_refused(elements: str, code: str) -> None:
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(process(elements), "x.bpmn")
    assert code in {problem.code for problem in refused.value.problems}


def test_only_a_gateway_that_starts_waits_for_all() -> None:
    gateway = '<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="g" eventGatewayType="Parallel"/>'
    events = "".join(
        f'<bpmn:intermediateCatchEvent id="{name}">{timer("PT1H", "timeDuration")}</bpmn:intermediateCatchEvent>'
        for name in "ab"
    )
    ways = flows("s g", "g a", "g b", "a e", "b e")
    with pytest.raises(engine.DeploymentRefused, match="Set instantiate"):
        engine.parse(process_of(gateway, events, ways, '<bpmn:endEvent id="e"/>'), "x.bpmn")
