"""Diagrams made to take memory or time: each is stopped within seconds, and says what to do."""

from __future__ import annotations

import inspect
import sys
import time
from datetime import datetime
from decimal import Decimal

import pytest

from app import engine
from app.engine import budgets
from app.engine.events.timer import TimerEvent
from app.engine.expressions import Literal
from app.engine.journal import Journal
from app.engine.outcome import (
    DataStoreWrite,
    RaisedIncident,
    RequestedJob,
    SubscriptionChange,
    ThrownMessage,
    ThrownSignal,
    TimerChange,
)
from app.engine.undoable import in_order, undoable
from app.feel.dmn import load_dmn
from tests.unit.engine.case import NOW, Case, context, document, flows, process_of, read
from tests.unit.engine.conftest import NewCase
from tests.unit.feel.dmn.models import decision, definitions, literal

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
SECONDS = 5.0
LOOP = '<bpmn:exclusiveGateway id="merge"/><bpmn:exclusiveGateway id="again" default="again_merge"/>'
LOOP_FLOWS = (
    flows("s merge", "merge x", "x again", "again merge")
    + '<bpmn:sequenceFlow id="again_e" sourceRef="again" targetRef="e">'
    "<bpmn:conditionExpression>= is over</bpmn:conditionExpression></bpmn:sequenceFlow>"
).replace("is over", "false")


def script(text: str, name: str = "x") -> str:
    return f'<bpmn:scriptTask id="{name}" scriptFormat="feel"><bpmn:script>{text}</bpmn:script></bpmn:scriptTask>'


def once(element: str) -> bytes:
    return process_of(START, element, END, flows("s x", "x e"))


def looped(text: str) -> bytes:
    return process_of(START, script(text), LOOP, END, LOOP_FLOWS)


def stopped(case: Case, **variables: object) -> RaisedIncident:
    """The incident of a start that is stopped in time."""
    begin = time.thread_time()
    with pytest.raises(engine.StepFailed) as failure:
        case.start(variables)
    assert time.thread_time() - begin < SECONDS
    incident = failure.value.incident
    assert incident.kind == "budget", incident
    assert incident.msgid % incident.params, "it can be told"
    return incident


def test_an_endless_loop(new_case: NewCase) -> None:
    assert stopped(new_case(looped("{ n: 1 }"))).element_id in {"x", "merge", "again", "again_e"}


def test_an_endless_loop_of_slow_expressions(new_case: NewCase) -> None:
    incident = stopped(new_case(looped("{ n: count(for i in 1..20000 return i * i) }"), max_cpu_seconds=0.3))
    assert incident.params["limit"] == 0.3
    assert "seconds" in incident.msgid


def test_two_processes_that_call_each_other(new_case: NewCase) -> None:
    def calling(key: str, called: str) -> str:
        inside = f'<bpmn:callActivity id="x{key}" calledElement="{called}"/>'
        nodes = f'<bpmn:startEvent id="s{key}"/>{inside}<bpmn:endEvent id="e{key}"/>'
        return (
            f'<bpmn:process id="{key}" isExecutable="true">{nodes}{flows(f"s{key} x{key}", f"x{key} e{key}")}'
            "</bpmn:process>"
        )

    assert stopped(new_case(document(calling("a", "b"), calling("b", "a")))).params["limit"] == 100


CALL = (
    '<bpmn:callActivity id="x" calledElement="p"><bpmn:extensionElements>'
    '<camunda:in sourceExpression="= n - 1" target="n"/></bpmn:extensionElements></bpmn:callActivity>'
)
DEEPER = (
    '<bpmn:sequenceFlow id="g_x" sourceRef="g" targetRef="x">'
    "<bpmn:conditionExpression>n &gt; 0</bpmn:conditionExpression></bpmn:sequenceFlow>"
)


def test_calls_as_deep_as_allowed_come_back(new_case: NewCase) -> None:
    """Whatever is allowed going in must not fail on its way out."""
    gateway = '<bpmn:exclusiveGateway id="g" default="g_e"/>'
    case = new_case(process_of(START, gateway, CALL, END, flows("s g", "g e", "x e"), DEEPER)).start({"n": 99})
    assert case.is_ended


def test_calls_that_come_back_where_little_of_the_stack_is_left() -> None:
    """Implicit ends: each call ends within the end of the one it has made."""
    gateway = '<bpmn:exclusiveGateway id="g" default="g_u"/><bpmn:userTask id="u"/>'
    case = Case(process_of(START, gateway, CALL, flows("s g", "g u"), DEEPER), is_saved=False).start({"n": 90})
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 300)
    try:
        with pytest.raises(engine.StepFailed, match="calls inside each other") as failure:
            case.do("u")
    finally:
        sys.setrecursionlimit(limit)
    assert failure.value.incident.kind == "budget"
    assert case.do("u").is_ended, "with more of it the same step is done"


def test_instances_of_instances(new_case: NewCase) -> None:
    many = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="= 1..10000"/>'.replace(
        "= 1..10000", "= for i in 1..10000 return i"
    )
    inner = f'<bpmn:startEvent id="is"/><bpmn:userTask id="t">{many}</bpmn:userTask>' + flows("is t")
    incident = stopped(new_case(once(f'<bpmn:subProcess id="x">{many}{inner}</bpmn:subProcess>')))
    assert incident.params["limit"] == 20_000


def test_a_variable_that_doubles(new_case: NewCase) -> None:
    source = looped('{ a: if a = null then "x" else a + a }')
    assert stopped(new_case(source), a=None).params["limit"] == "string_length"


def test_a_list_of_the_same_long_text_is_measured_as_it_would_be_written(new_case: NewCase) -> None:
    incident = stopped(new_case(once(script("{ b: for i in 1..90000 return a }"))), a="x" * 900_000)
    assert "bytes" in incident.msgid


def test_lists_in_lists_in_lists(new_case: NewCase) -> None:
    assert "bytes" in stopped(new_case(looped("{ a: [a] }")), a=None).msgid


def test_many_large_values_in_one_step(new_case: NewCase) -> None:
    incident = stopped(new_case(looped("{ n: n + 1, a: for i in 1..50000 return n }")), n=0)
    assert incident.params["limit"] in {budgets.MAX_WRITTEN_SIZE, budgets.MAX_CPU_SECONDS}


def test_a_case_does_not_grow_for_ever(new_case: NewCase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.steps.MAX_STATE_SIZE", 5_000)
    noise = "".join(str(Decimal(n).sqrt()) for n in range(2, 400))
    assert "holds more than" in stopped(new_case(once('<bpmn:userTask id="x"/>')), a=noise).msgid


def test_a_name_as_long_as_a_text(new_case: NewCase) -> None:
    incident = stopped(new_case(once(script("context put({}, a, 1)"))), a="n" * 5_000)
    assert "name" in incident.msgid


def test_messages_without_end(new_case: NewCase) -> None:
    sending = '<bpmn:sendTask id="x" messageRef="m"/>'
    process = process_of(START, sending, LOOP, END, LOOP_FLOWS).decode()
    source = process.replace("<bpmn:process", '<bpmn:message id="m" name="m"/><bpmn:process', 1).encode()
    case = new_case(source, max_steps=20_000)
    limits = {budgets.MAX_REQUESTS, budgets.MAX_CPU_SECONDS, 20_000}
    assert stopped(case).params["limit"] in limits


def test_timers_by_the_thousand(new_case: NewCase) -> None:
    many = "<bpmn:loopCardinality>6000</bpmn:loopCardinality>"
    day = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    inner = (
        f'<bpmn:startEvent id="is"/><bpmn:intermediateCatchEvent id="t">{day}</bpmn:intermediateCatchEvent>'
        + flows("is t")
    )
    marker = f"<bpmn:multiInstanceLoopCharacteristics>{many}</bpmn:multiInstanceLoopCharacteristics>"
    incident = stopped(new_case(once(f'<bpmn:subProcess id="x">{marker}{inner}</bpmn:subProcess>')))
    assert incident.params["limit"] in {budgets.MAX_REQUESTS, budgets.MAX_CPU_SECONDS}


@pytest.mark.parametrize("asked", ["timers", "jobs", "messages", "signals", "data_stores", "subscriptions"])
def test_what_a_step_asks_of_the_world_outside_is_counted_by_its_kind(asked: str) -> None:
    requests = {
        "timers": TimerChange("a", "x", NOW),
        "jobs": RequestedJob("a", "x", "mail", None, {}),
        "messages": ThrownMessage("a", "x", "m", None, {}),
        "signals": ThrownSignal("a", "x", "s", {}),
        "data_stores": DataStoreWrite("a", "x", "store", None),
        "subscriptions": SubscriptionChange("a", "x", "m", None, is_open=True),
    }
    journal = Journal("seed")
    getattr(journal, asked).extend([requests[asked]] * budgets.MAX_REQUESTS)
    journal.check_requests("p")
    getattr(journal, asked).append(requests[asked])
    with pytest.raises(engine.StepFailed) as failure:
        journal.check_requests("p")
    assert failure.value.incident.params["limit"] == budgets.MAX_REQUESTS


def test_what_a_step_sends_is_measured_together_as_well() -> None:
    journal = Journal("seed")
    journal.messages += [ThrownMessage("a", "x", "m", None, {"text": "x" * 900_000})] * 22
    journal.check_requests("p")
    journal.messages += journal.messages[:1]
    with pytest.raises(engine.StepFailed) as failure:
        journal.check_requests("p")
    assert failure.value.incident.params["limit"] == budgets.MAX_WRITTEN_SIZE


def test_the_inputs_of_a_job_are_measured_too(new_case: NewCase) -> None:
    worker = (
        '<bpmn:serviceTask id="x"><bpmn:extensionElements><camunda:connector><camunda:connectorId>mail'
        "</camunda:connectorId><camunda:inputOutput>{}</camunda:inputOutput></camunda:connector>"
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )
    inputs = "".join(f'<camunda:inputParameter name="i{n}">= a</camunda:inputParameter>' for n in range(3))
    assert "bytes" in stopped(new_case(once(worker.format(inputs))), a="x" * 600_000).msgid


def test_a_cycle_without_a_pause(new_case: NewCase) -> None:
    cycle = "<bpmn:timerEventDefinition><bpmn:timeCycle>= a</bpmn:timeCycle></bpmn:timerEventDefinition>"
    beside = f'<bpmn:boundaryEvent id="b" attachedToRef="x" cancelActivity="false">{cycle}</bpmn:boundaryEvent>'
    source = process_of(START, '<bpmn:userTask id="x"/>', beside, END, flows("s x", "x e", "b e"))
    with pytest.raises(engine.StepFailed, match="is no time"):
        new_case(source).start({"a": "R/PT0S"})
    assert new_case(source).start({"a": "R/PT1S"}).open == ["x"]


def test_joins_that_ask_each_other(new_case: NewCase) -> None:
    """Hundreds of inclusive joins, each of which has to look at all others."""
    size = 250
    parts = ['<bpmn:parallelGateway id="fork"/>', flows("s fork")]
    for n in range(size):
        parts.append(f'<bpmn:userTask id="t{n}"/><bpmn:task id="a{n}"/><bpmn:inclusiveGateway id="j{n}"/>')
        parts.append(flows(f"fork t{n}", f"fork a{n}", f"t{n} j{n}", f"a{n} j{n}", f"j{n} e"))
    begin = time.thread_time()
    case = new_case(process_of(START, END, *parts)).start()
    assert (len(case.open), time.thread_time() - begin < SECONDS) == (size, True)


@pytest.mark.parametrize("value", ["x" * 1_100_000, ["x"] * 400_000])
def test_what_comes_from_outside_is_measured_before_it_is_taken(new_case: NewCase, value: object) -> None:
    case = new_case(once('<bpmn:userTask id="x"/>'))
    with pytest.raises(engine.ValueTooLarge):
        case.start({"a": value})
    with pytest.raises(engine.ValueTooLarge):
        case.start().do("x", a=value)


def test_what_is_nested_without_end_is_not_taken() -> None:
    nested: list[object] = []
    for _ in range(5_000):
        nested = [nested]
    with pytest.raises(engine.ValueTooLarge):
        engine.start(read(once('<bpmn:userTask id="x"/>')), {"a": nested}, context())


@pytest.mark.parametrize(
    ("cycle", "due", "left"),
    [
        ("R/1900-01-01T00:00:00Z/PT1S", NOW, None),
        ("R/2000-01-01T00:00:00Z/P1M", NOW.replace(month=4, day=1, hour=0), None),
        ("R3/2026-03-01T23:30:00Z/PT1H", NOW.replace(hour=1, minute=30), 0),
        ("R2/2020-01-01T00:00:00Z/PT1H", NOW.replace(year=2020, month=1, day=1, hour=1), 0),
    ],
)
def test_a_cycle_that_began_long_ago_does_not_catch_up(cycle: str, due: datetime, left: int | None) -> None:
    begin = time.thread_time()
    schedule = TimerEvent("timeCycle", Literal(cycle)).schedule({}, context(), lambda value: ValueError(str(value)))
    assert (schedule.due, schedule.remaining) == (due, left)
    assert time.thread_time() - begin < 2.0


@pytest.mark.parametrize("text", ["2026-12-31T23:59:60Z", "99999-01-01T00:00:00Z", "P99999999999D", "-1"])
def test_a_moment_that_no_clock_shows_is_refused(text: str) -> None:
    """A leap second among them."""
    with pytest.raises(LookupError):
        TimerEvent("timeDate", Literal(text)).schedule({}, context(), LookupError)


@pytest.mark.parametrize("cycle", ["R/P99999999999D", "R/P9999Y", "R/P999999999999M"])
def test_a_cycle_beyond_all_time_is_refused(cycle: str) -> None:
    with pytest.raises(LookupError):
        TimerEvent("timeCycle", Literal(cycle)).schedule({}, context(), LookupError)


def test_many_names_of_several_words_are_read_in_a_moment() -> None:
    """Each name is looked for in each expression: cubic, it took seven seconds."""
    data = "".join(f'<bpmn:dataObject id="d{i}" name="my data object {i}"/>' for i in range(400))
    people = "".join(f'<bpmn:userTask id="u{i}" camunda:assignee="=my data object {i}"/>' for i in range(400))
    start = time.process_time()
    process = read(process_of(data, people))
    assert time.process_time() - start < 3
    assert len(process.root.task_specs) == 400


def test_what_was_done_ten_thousand_times_is_ordered_in_a_moment() -> None:
    """What its boundary leads to is looked for once, not for each time it was done."""
    signal = '<bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><bpmn:signalEventDefinition'
    steps = "".join(f'<bpmn:task id="t{i}"/>' for i in range(500))
    level = read(
        document(
            '<bpmn:process id="p" isExecutable="true"><bpmn:task id="a"/>',
            f'{signal} signalRef="s"/></bpmn:boundaryEvent>{steps}',
            flows("b t0", *(f"t{i} t{i + 1}" for i in range(499))),
            '</bpmn:process><bpmn:signal id="s" name="s"/>',
        )
    ).root
    records = [undoable("a", None, [])] * 10_000 + [undoable("t7", None, []), undoable("a", None, [])]
    start = time.process_time()
    ordered = in_order(level, records)
    assert time.process_time() - start < 0.5
    assert [record["node"] for record in ordered[-2:]] == ["a", "t7"]


LONG = "every i in 1..900, j in 1..900 satisfies i + j != 0"


@pytest.mark.parametrize("is_decision", [False, True])
def test_an_expression_ends_with_the_time_of_its_step(new_case: NewCase, is_decision: bool) -> None:
    if is_decision:
        xml = definitions(decision("d", literal(LONG)))
        asking, decisions = (
            '<bpmn:businessRuleTask id="x" camunda:decisionRef="_d" camunda:resultVariable="told"/>',
            {"_d": load_dmn(xml)},
        )
    else:
        asking, decisions = script(f"{{ told: {LONG} }}"), {}
    looks: list[float] = []
    case = new_case(
        once(asking), max_cpu_seconds=0.02, decisions=decisions,
        meter=engine.StepMeter(lambda: looks.append(time.thread_time())),
    )  # fmt: skip
    begin = time.thread_time()
    with pytest.raises(engine.StepFailed) as failure:
        case.start({})
    assert (failure.value.incident.element_id, failure.value.incident.msgid) == ("x", budgets.TOO_MUCH_TIME)
    assert time.thread_time() - begin < 0.3, "all of it takes a second"
    assert len(looks) > 5, "it gives way to others meanwhile"


@pytest.mark.parametrize("limits", [{"max_cpu_seconds": 0.02}, {"max_steps": 1}])
def test_people_are_told_what_they_call_the_element(new_case: NewCase, limits: dict[str, float]) -> None:
    named = script(f"{{ told: {LONG} }}").replace('id="x"', 'id="x" name="Ponder"')
    with pytest.raises(engine.StepFailed) as failure:
        new_case(once(named), **limits).start({})
    assert (failure.value.incident.element_id, failure.value.incident.params["element"]) == ("x", "Ponder")
