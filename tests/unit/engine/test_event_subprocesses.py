from __future__ import annotations

from datetime import timedelta

import pytest

from app import engine
from tests.unit.engine.case import NOW, Case, document, flows, process_of
from tests.unit.engine.conftest import NewCase

DECLARED = (
    '<bpmn:message id="m" name="changed"/><bpmn:signal id="sig" name="alarm"/>'
    '<bpmn:error id="err" errorCode="lost"/><bpmn:error id="other" errorCode="other"/>'
    '<bpmn:escalation id="esc" escalationCode="late"/>'
)
MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
HOUR = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
TWICE = "<bpmn:timerEventDefinition><bpmn:timeCycle>R2/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition>"
DATE = "<bpmn:timerEventDefinition><bpmn:timeDate>2026-03-09T09:00:00</bpmn:timeDate></bpmn:timerEventDefinition>"
ERROR = '<bpmn:errorEventDefinition errorRef="err"/>'
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>=n &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def handler(definition: str, *, beside: bool = False, name: str = "handler", inside: str = "") -> str:
    """An event subprocess with one user task."""
    return (
        f'<bpmn:subProcess id="{name}" triggeredByEvent="true">'
        f'<bpmn:startEvent id="{name}_start" isInterrupting="{str(not beside).lower()}">{definition}</bpmn:startEvent>'
        f'<bpmn:userTask id="{name}_task"/><bpmn:endEvent id="{name}_end"/>{inside}'
        + flows(f"{name}_start {name}_task", f"{name}_task {name}_end")
        + "</bpmn:subProcess>"
    )


def work(*more: str, end: str = "") -> str:
    """A user task before the end, with what else is drawn on the level."""
    return (
        '<bpmn:startEvent id="s"/><bpmn:userTask id="work"/>'
        f'<bpmn:endEvent id="e">{end}</bpmn:endEvent>' + flows("s work", "work e") + "".join(more)
    )


def process(*elements: str) -> bytes:
    body = '<bpmn:process id="p" isExecutable="true">' + "".join(elements) + "</bpmn:process>"
    return document(DECLARED, body)


def inside_subprocess(*elements: str, more: str = "") -> bytes:
    """The elements in a subprocess `sub` with a user task behind it."""
    sub = f'<bpmn:subProcess id="sub">{"".join(elements)}</bpmn:subProcess>'
    around = '<bpmn:startEvent id="S"/><bpmn:userTask id="after"/><bpmn:endEvent id="E"/>'
    return process(around, sub, flows("S sub", "sub after", "after E"), more)


def happen(case: Case, kind: str) -> Case:
    """Let what starts `handler` happen once."""
    if kind == "message":
        return case.receive("handler_start")
    return case.hear("handler_start") if kind == "signal" else case.fire("handler_start")


WAITING = [("message", MESSAGE), ("signal", SIGNAL), ("timer", HOUR), ("timer", DATE)]


@pytest.mark.parametrize(("kind", "definition"), WAITING)
def test_an_interrupting_one_takes_the_place_of_everything_else(new_case: NewCase, kind: str, definition: str) -> None:
    case = happen(new_case(process(work(handler(definition)))).start(), kind)
    assert (case.open, case.timers, case.subscriptions) == (["handler_task"], {}, {})
    assert case.do("handler_task").is_ended
    assert (case.end_event_id, case.flows) == (
        "handler_end",
        ["s_work", "handler_start_handler_task", "handler_task_handler_end"],
    )


@pytest.mark.parametrize(("kind", "definition"), [("message", MESSAGE), ("signal", SIGNAL), ("timer", TWICE)])
def test_one_beside_runs_as_often_as_its_event_happens(new_case: NewCase, kind: str, definition: str) -> None:
    case = new_case(process(work(handler(definition, beside=True)))).start()
    happen(happen(case, kind), kind)
    assert case.open == ["handler_task", "handler_task", "work"]
    case.do("work")
    assert not case.is_ended, "what goes beside keeps the case open"
    assert case.do("handler_task").do("handler_task").end_event_id == "e", "what goes beside is not how it ended"


def test_a_timer_beside_happens_once_unless_it_is_a_cycle(new_case: NewCase) -> None:
    case = new_case(process(work(handler(HOUR, beside=True)))).start().fire("handler_start")
    assert (case.open, case.timers) == (["handler_task", "work"], {})
    case = new_case(process(work(handler(TWICE, beside=True)))).start().fire("handler_start")
    assert [due for _name, due in case.timers.values()] == [NOW + timedelta(hours=2)]
    assert case.fire("handler_start").timers == {}


def test_waiting_for_it_does_not_keep_the_case_open(new_case: NewCase) -> None:
    case = new_case(process(work(handler(MESSAGE, beside=True)))).start()
    assert [one.element_id for one in case.subscriptions.values()] == ["handler_start"]
    case.do("work")
    assert (case.is_ended, case.end_event_id, case.subscriptions) == (True, "e", {})


def test_it_waits_as_long_as_its_subprocess_runs(new_case: NewCase) -> None:
    case = new_case(inside_subprocess(work(handler(MESSAGE)))).start()
    assert len(case.subscriptions) == 1
    assert (case.do("work").open, case.subscriptions) == (["after"], {})


def test_the_subprocess_goes_on_behind_it(new_case: NewCase) -> None:
    case = new_case(inside_subprocess(work(handler(MESSAGE)))).start().receive("handler_start")
    assert case.open == ["handler_task"]
    assert case.do("handler_task").open == ["after"]
    assert case.do("after").end_event_id == "E"


def test_the_payload_becomes_variables(new_case: NewCase) -> None:
    case = new_case(process(work(handler(MESSAGE)))).start().receive("handler_start", said="yes")
    assert case.value("said") == "yes"


def test_nothing_waits_any_more_once_one_has_interrupted(new_case: NewCase) -> None:
    case = new_case(process(work(handler(MESSAGE), handler(SIGNAL, name="second", beside=True)))).start()
    assert len(case.subscriptions) == 2
    assert case.receive("handler_start").subscriptions == {}


def test_it_interrupts_one_that_goes_beside(new_case: NewCase) -> None:
    case = new_case(process(work(handler(MESSAGE), handler(SIGNAL, name="second", beside=True)))).start()
    assert case.hear("second_start").open == ["second_task", "work"]
    assert case.receive("handler_start").open == ["handler_task"]


ENDS_WITH_ERROR = f'<bpmn:endEvent id="bad">{ERROR}</bpmn:endEvent>'


def test_an_error_is_caught_where_it_is_thrown(new_case: NewCase) -> None:
    caught = '<bpmn:errorEventDefinition camunda:errorCodeVariable="code" camunda:errorMessageVariable="said"/>'
    case = new_case(process(work(handler(caught), end=ERROR))).start().do("work")
    assert (case.open, case.value("code"), case.value("said")) == (["handler_task"], "lost", "")
    assert case.do("handler_task").is_ended


def test_the_event_subprocess_comes_before_the_boundary(new_case: NewCase) -> None:
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="sub">{ERROR}</bpmn:boundaryEvent>' + flows("b after")
    case = new_case(inside_subprocess(work(handler(ERROR), end=ERROR), more=boundary)).start().do("work")
    assert case.open == ["handler_task"]
    assert case.do("handler_task").flows[-1] == "sub_after"


def test_an_error_it_does_not_catch_goes_outwards(new_case: NewCase) -> None:
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="sub">{ERROR}</bpmn:boundaryEvent>' + flows("b after")
    other = handler('<bpmn:errorEventDefinition errorRef="other"/>')
    case = new_case(inside_subprocess(work(other, end=ERROR), more=boundary)).start().do("work")
    assert (case.open, case.flows[-1]) == (["after"], "b_after")


def test_the_boundary_of_the_failing_activity_comes_first(new_case: NewCase) -> None:
    job = '<bpmn:startEvent id="s"/><bpmn:serviceTask id="job" camunda:type="external" camunda:topic="t"/>'
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="job">{ERROR}</bpmn:boundaryEvent>'
    ways = '<bpmn:endEvent id="e"/>' + flows("s job", "job e", "b e")
    case = new_case(process(job, boundary, ways, handler("<bpmn:errorEventDefinition/>"))).start()
    assert case.fail("job", "lost").is_ended
    case = new_case(process(job, boundary, ways, handler("<bpmn:errorEventDefinition/>"))).start()
    assert case.fail("job", "another").open == ["handler_task"]


def test_one_for_the_very_code_comes_before_one_for_all(new_case: NewCase) -> None:
    everything = handler("<bpmn:errorEventDefinition/>", name="everything")
    case = new_case(process(work(everything, handler(ERROR), end=ERROR))).start().do("work")
    assert case.open == ["handler_task"]


def test_an_error_thrown_in_the_handler_goes_outwards(new_case: NewCase) -> None:
    again = (
        '<bpmn:subProcess id="handler" triggeredByEvent="true"><bpmn:startEvent id="handler_start">'
        f"{ERROR}</bpmn:startEvent>{ENDS_WITH_ERROR}" + flows("handler_start bad") + "</bpmn:subProcess>"
    )
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="sub">{ERROR}</bpmn:boundaryEvent>' + flows("b after")
    case = new_case(inside_subprocess(work(again, end=ERROR), more=boundary)).start().do("work")
    assert (case.open, case.flows[-1]) == (["after"], "b_after")


def test_once_one_has_interrupted_the_others_catch_nothing_it_throws(new_case: NewCase) -> None:
    throws = handler(ERROR).replace('id="handler_end"/>', f'id="handler_end">{ESCALATION}</bpmn:endEvent>')
    boundary = (
        f'<bpmn:boundaryEvent id="b" attachedToRef="sub" cancelActivity="false">{ESCALATION}</bpmn:boundaryEvent>'
        '<bpmn:userTask id="told"/>' + flows("b told", "told E")
    )
    second = handler(ESCALATION, name="second", beside=True)
    case = new_case(inside_subprocess(work(throws, second, end=ERROR), more=boundary)).start()
    assert case.do("work").do("handler_task").open == ["after", "told"]


def test_an_error_of_a_subprocess_inside_is_caught(new_case: NewCase) -> None:
    inner = '<bpmn:subProcess id="inner">' + work(end=ERROR) + "</bpmn:subProcess>"
    level = '<bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"/>' + flows("s1 inner", "inner e1")
    case = new_case(process(level, inner, handler(ERROR))).start().do("work")
    assert case.open == ["handler_task"]


def thrower(*more: str) -> str:
    """A user task behind an event that throws an escalation."""
    throw = f'<bpmn:intermediateThrowEvent id="throw">{ESCALATION}</bpmn:intermediateThrowEvent>'
    level = '<bpmn:startEvent id="s"/><bpmn:userTask id="work"/><bpmn:userTask id="next"/><bpmn:endEvent id="e"/>'
    return level + throw + flows("s work", "work throw", "throw next", "next e") + "".join(more)


def test_an_escalation_beside_lets_the_thrower_go_on(new_case: NewCase) -> None:
    named = '<bpmn:escalationEventDefinition escalationRef="esc" camunda:escalationCodeVariable="code"/>'
    case = new_case(process(thrower(handler(named, beside=True)))).start().do("work")
    assert (case.open, case.value("code")) == (["handler_task", "next"], "late")


def test_an_interrupting_escalation_stops_its_thrower(new_case: NewCase) -> None:
    case = new_case(process(thrower(handler(ESCALATION)))).start().do("work")
    assert (case.open, case.flows[-1]) == (["handler_task"], "handler_start_handler_task")


def test_an_escalation_from_a_called_process(new_case: NewCase) -> None:
    caller = '<bpmn:startEvent id="s1"/><bpmn:callActivity id="call" calledElement="q"/><bpmn:endEvent id="e1"/>'
    around = '<bpmn:process id="p" isExecutable="true">' + caller + flows("s1 call", "call e1")
    called = '<bpmn:process id="q" isExecutable="true">' + thrower() + "</bpmn:process>"
    source = document(DECLARED, around, handler(ESCALATION, beside=True), "</bpmn:process>", called)
    assert new_case(source).start().do("work").open == ["handler_task", "next"]


def test_it_does_not_catch_what_it_throws_itself(new_case: NewCase) -> None:
    again = (
        '<bpmn:subProcess id="handler" triggeredByEvent="true"><bpmn:startEvent id="handler_start" '
        f'isInterrupting="false">{ESCALATION}</bpmn:startEvent><bpmn:endEvent id="up">{ESCALATION}</bpmn:endEvent>'
        + flows("handler_start up")
        + "</bpmn:subProcess>"
    )
    boundary = (
        f'<bpmn:boundaryEvent id="b" attachedToRef="sub" cancelActivity="false">{ESCALATION}</bpmn:boundaryEvent>'
        '<bpmn:userTask id="told"/>' + flows("b told", "told E")
    )
    assert new_case(inside_subprocess(thrower(again), more=boundary)).start().do("work").open == ["next", "told"]


def test_inner_tokens_of_the_same_pass_do_not_run_on(new_case: NewCase) -> None:
    """A parallel branch throws; the script that would run after it in the same pass never does."""
    level = (
        '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/>'
        f'<bpmn:intermediateThrowEvent id="throw">{ESCALATION}</bpmn:intermediateThrowEvent>'
        '<bpmn:subProcess id="inner"><bpmn:scriptTask id="script" scriptFormat="feel"><bpmn:script>{ ran: true }'
        '</bpmn:script></bpmn:scriptTask></bpmn:subProcess><bpmn:endEvent id="e"/>'
    )
    ways = flows("s fork", "fork throw", "fork inner", "throw e", "inner e")
    case = new_case(process(level, ways, handler(ESCALATION))).start({"ran": False})
    assert (case.open, case.value("ran")) == (["handler_task"], False)


def test_a_condition_starts_one(new_case: NewCase) -> None:
    case = new_case(process(work(handler(CONDITION)))).start({"n": 1})
    assert case.open == ["work"]
    assert (case.do("work", n=6).open, case.flows) == (["handler_task"], ["s_work", "handler_start_handler_task"])


def test_nested_ones_wait_while_the_outer_one_runs(new_case: NewCase) -> None:
    nested = handler(SIGNAL, name="nested", beside=True)
    case = new_case(process(work(handler(MESSAGE, inside=nested)))).start()
    assert [one.element_id for one in case.subscriptions.values()] == ["handler_start"]
    case.receive("handler_start").hear("nested_start")
    assert case.open == ["handler_task", "nested_task"]
    assert case.do("handler_task").do("nested_task").is_ended


def test_a_called_process_has_its_own(new_case: NewCase) -> None:
    caller = '<bpmn:startEvent id="S"/><bpmn:callActivity id="call" calledElement="q"/><bpmn:userTask id="after"/>'
    around = f'<bpmn:process id="p" isExecutable="true">{caller}<bpmn:endEvent id="E"/>'
    ways = flows("S call", "call after", "after E") + "</bpmn:process>"
    called = '<bpmn:process id="q" isExecutable="true">' + work(handler(MESSAGE)) + "</bpmn:process>"
    case = new_case(document(DECLARED, around, ways, called)).start().receive("handler_start")
    assert case.do("handler_task").open == ["after"]


def test_each_instance_has_its_own(new_case: NewCase) -> None:
    marker = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="=[1, 2]"/>'
    case = new_case(inside_subprocess(marker, work(handler(MESSAGE)))).start()
    assert (case.open, len(case.subscriptions)) == (["work", "work"], 2)
    assert case.receive("handler_start").open == ["handler_task", "work"]
    assert case.do("handler_task").do("work").open == ["after"]


def test_terminate_ends_it_and_what_it_waits_for(new_case: NewCase) -> None:
    terminate = work(handler(MESSAGE, beside=True), end="<bpmn:terminateEventDefinition/>")
    case = new_case(process(terminate)).start().receive("handler_start").do("work")
    assert (case.is_ended, case.user_tasks) == (True, {})


def test_cancelling_the_case_ends_it(new_case: NewCase) -> None:
    case = new_case(process(work(handler(MESSAGE, beside=True)))).start().receive("handler_start").cancel()
    assert (case.is_ended, case.subscriptions) == (True, {})


def test_a_process_without_listeners_has_none() -> None:
    assert Case(process_of(work()), is_saved=True).start().subscriptions == {}


def test_a_job_may_hold_it_behind_its_start(new_case: NewCase) -> None:
    held = handler(MESSAGE).replace(
        '<bpmn:startEvent id="handler_start"', '<bpmn:startEvent id="handler_start" camunda:asyncAfter="true"'
    )
    case = new_case(process(work(held))).start().receive("handler_start")
    assert (case.open, [job.is_continuation for job in case.jobs.values()]) == ([], [True])
    assert case.go_on("handler_start").do("handler_task").is_ended


@pytest.mark.parametrize(
    "written",
    [
        '<bpmn:standardLoopCharacteristics loopMaximum="2"/>',
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="=[1]"/>',
    ],
)
def test_it_has_no_marker(written: str) -> None:
    source = process(work(handler(MESSAGE).replace('triggeredByEvent="true">', f'triggeredByEvent="true">{written}')))
    with pytest.raises(engine.DeploymentRefused, match="has no loop marker"):
        engine.parse(source, "x.bpmn")


def test_no_tokens_are_counted_for_it() -> None:
    source = process(
        work(handler(MESSAGE).replace('triggeredByEvent="true">', 'triggeredByEvent="true" startQuantity="2">'))
    )
    with pytest.raises(engine.DeploymentRefused, match="No tokens come"):
        engine.parse(source, "x.bpmn")


def test_an_event_that_has_caught_is_withdrawn_like_any_other(new_case: NewCase) -> None:
    """What the boundary event caught makes a condition true, and that interrupts before the token goes on."""
    named = '<bpmn:errorEventDefinition camunda:errorCodeVariable="n"/>'
    level = '<bpmn:startEvent id="s"/><bpmn:serviceTask id="job" camunda:type="external" camunda:topic="t"/>'
    boundary = f'<bpmn:boundaryEvent id="b" attachedToRef="job">{MESSAGE}{named}</bpmn:boundaryEvent>'
    ways = '<bpmn:endEvent id="e"/>' + flows("s job", "job e", "b e")
    lost = CONDITION.replace("n &gt; 5", "n = &quot;lost&quot;")
    case = new_case(process(level, boundary, ways, handler(lost))).start({"n": "found"}).fail("job", "lost")
    assert (case.open, case.subscriptions) == (["handler_task"], {})
    assert case.last is not None
    assert [change.is_open for change in case.last.subscriptions] == [False]


def test_a_change_by_hand_counts(new_case: NewCase) -> None:
    case = new_case(process(work(handler(CONDITION)))).start({"n": 1})
    assert case.set(case.root, n=6).open == ["handler_task"]
