"""camunda:asyncBefore and asyncAfter: the case goes on in a transaction of its own; how often a job is tried."""

from __future__ import annotations

import pytest

from app import engine
from app.engine.retries import RetryRule, parse_retries
from tests.unit.engine.case import Case, context, flows, process_of
from tests.unit.engine.conftest import NewCase

ASYNC = "asynchronous_continuations.bpmn"


def waiting(case: Case) -> list[str]:
    return sorted(job.element_id for job in case.jobs.values() if job.is_continuation)


def test_a_token_waits_before_and_behind_a_node_until_its_job_lets_it_go_on(new_case: NewCase) -> None:
    case = new_case(ASYNC).start()
    assert (waiting(case), case.flows) == (["start"], [])
    case.go_on("start")
    assert (waiting(case), case.value("n"), case.flows) == (["count"], 1, ["to_count"])
    case.go_on("count")
    assert (waiting(case), case.open) == (["left"], ["right"])
    case.go_on("left")
    assert (waiting(case), case.open) == ([], ["left", "right"])


def at_the_join(case: Case) -> Case:
    return case.start().go_on("start").go_on("count").go_on("left")


def test_what_waits_is_the_activity_itself_under_one_id(new_case: NewCase) -> None:
    case = at_the_join(new_case(ASYNC))
    (task,) = (task.id for task in case.user_tasks.values() if task.element_id == "left")
    case.do("left")
    assert (waiting(case), [job.activity_id for job in case.jobs.values()]) == (["left"], [task])
    assert case.live_activities[task] == "left"


def test_a_join_waits_for_a_token_that_is_held_before_it(new_case: NewCase) -> None:
    case = at_the_join(new_case(ASYNC)).do("left").go_on("left").do("right")
    assert waiting(case) == ["join", "join"]
    case.go_on("join")
    assert waiting(case) == ["join"], "the other token is still to come"
    case.go_on("join")
    assert waiting(case) == ["inside"]


def test_the_case_ends_with_its_last_continuation(new_case: NewCase) -> None:
    case = at_the_join(new_case(ASYNC)).do("left").go_on("left").do("right").go_on("join").go_on("join")
    case.go_on("inside")
    assert waiting(case) == ["inside_start", "inside_start"]
    case.go_on("inside_start").go_on("inside_start")
    assert (waiting(case), case.is_ended) == (["end"], False)
    case.go_on("end")
    assert (case.is_ended, case.end_event_id) == (True, "end")


def test_a_job_that_comes_too_late_is_told_so(new_case: NewCase) -> None:
    case = new_case(ASYNC).start()
    (activity_id,) = case.jobs
    case.go_on("start")
    assert case.state is not None
    with pytest.raises(engine.ActivityNotWaiting):
        engine.continue_after(case.process, case.state, activity_id, context())


def test_what_is_held_goes_with_its_scope(new_case: NewCase) -> None:
    case = new_case(ASYNC).start().cancel()
    assert (case.is_ended, case.live_activities) == (True, {})


def test_the_diagram_says_how_often_a_job_is_tried(new_case: NewCase) -> None:
    case = new_case(ASYNC).start()
    (first,) = case.jobs.values()
    assert (first.retries, first.retry_delays) == (5, None)
    (job,) = case.go_on("start").jobs.values()
    assert (job.retries, job.retry_delays) == (3, (600, 600))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("R3/PT10M", RetryRule(3, (600, 600))),
        ("R1/PT0S", RetryRule(1, ())),
        ("PT1M,PT5M", RetryRule(3, (60, 300))),
        ("P1D", RetryRule(2, (86_400,))),
        ("R/PT10M", None),
        ("R0/PT1M", None),
        ("R999999999/PT1M", None),
        ("R3/P1M", None),
        ("PT1M,", None),
        ("often", None),
        ("${retries}", None),
        ("", None),
    ],
)
def test_retries(text: str, rule: RetryRule | None) -> None:
    assert parse_retries(text, 100) == rule


def refusals(*elements: str) -> list[tuple[str, str]]:
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(process_of(*elements), "x.bpmn")
    return [(problem.code, problem.element_id) for problem in refused.value.problems]


START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
CYCLE = "<bpmn:extensionElements><camunda:failedJobRetryTimeCycle>{}</camunda:failedJobRetryTimeCycle>"


def test_the_step_of_a_timer_is_tried_as_its_event_says(new_case: NewCase) -> None:
    often = CYCLE.format("PT1M,PT5M") + "</bpmn:extensionElements>"
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    case = new_case(
        process_of(
            START, END, '<bpmn:userTask id="a"/><bpmn:endEvent id="f"/>',
            f'<bpmn:boundaryEvent id="b" attachedToRef="a">{often}{timer}</bpmn:boundaryEvent>',
            f'<bpmn:subProcess id="h" triggeredByEvent="true"><bpmn:startEvent id="hs">{often}{timer}</bpmn:startEvent>'
            f'<bpmn:endEvent id="he"/>{flows("hs he")}</bpmn:subProcess>',
            flows("s a", "a e", "b f"),
        )
    ).start()  # fmt: skip
    assert case.last is not None
    assert {(timer.retries, timer.retry_delays) for timer in case.last.timers} == {(3, (60, 300))}
    assert len(case.last.timers) == 2


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (f'<bpmn:userTask id="x">{CYCLE.format("R3/PT1M")}</bpmn:extensionElements></bpmn:userTask>', "retries_place"),
        (
            '<bpmn:task id="x" camunda:asyncAfter="true">'
            + CYCLE.format("sometimes")
            + "</bpmn:extensionElements></bpmn:task>",
            "retries",
        ),
        ('<bpmn:task id="x" camunda:asyncAfter="maybe"/>', "value"),
    ],
)
def test_what_would_have_no_effect_is_refused(element: str, said: str) -> None:
    assert refusals(START, element, END, flows("s x", "x e")) == [(said, "x")]


def test_an_event_behind_an_event_based_gateway_begins_with_it() -> None:
    timer = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
    first = f'<bpmn:intermediateCatchEvent id="a" camunda:asyncBefore="true">{timer}</bpmn:intermediateCatchEvent>'
    second = f'<bpmn:intermediateCatchEvent id="b">{timer}</bpmn:intermediateCatchEvent>'
    gateway = '<bpmn:eventBasedGateway id="g"/>'
    found = refusals(START, gateway, first, second, END, flows("s g", "g a", "g b", "a e", "b e"))
    assert found == [("async_place", "a")]
