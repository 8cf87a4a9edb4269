"""Cases kept in memory: whatever goes wrong in a step, the next one begins with what was saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import engine, feel
from app.engine import state_codec
from app.engine.live_cases import LIVE_CASES
from tests.unit.engine.case import Case, context, flows, process_of

# `work` waits beside `job`; what is completed with n > 5 goes wrong behind a script that has changed a variable.
SOURCE = process_of(
    '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="fork"/><bpmn:userTask id="work"/>',
    '<bpmn:serviceTask id="job" camunda:type="external" camunda:topic="t"/>',
    '<bpmn:scriptTask id="count" scriptFormat="feel"><bpmn:script>{ changed: true }</bpmn:script></bpmn:scriptTask>',
    '<bpmn:scriptTask id="bad" scriptFormat="feel"><bpmn:script>= if n &gt; 5 then wrong else { done: n }'
    "</bpmn:script></bpmn:scriptTask>",
    '<bpmn:userTask id="after"/>',
    flows("s fork", "fork work", "fork job", "work count", "count bad", "bad after"),
)
Step = Callable[[engine.ParsedProcess, bytes, Case], object]


class Broken(Exception):
    """Something nobody has thought of."""


def complete(number: object, **limits: object) -> Step:
    return lambda process, state, case: engine.complete(
        process, state, case.activity("work"), {"n": number}, context(**limits)
    )


FAILURES: dict[str, tuple[Step, type[Exception]]] = {
    "an expression": (complete(9), engine.StepFailed),
    "a budget": (complete(1, max_steps=1), engine.StepFailed),
    "no time left": (complete(1, max_cpu_seconds=-1.0), engine.StepFailed),
    "a value too large": (complete("x" * 2_000_000), engine.ValueTooLarge),
    "no such user task": (
        lambda process, state, case: engine.complete(process, state, case.activity("job"), {}, context()),
        engine.UserTaskNotOpen,
    ),
    "no such message": (
        lambda process, state, case: engine.correlate(process, state, case.activity("work"), {}, context()),
        engine.ActivityNotWaiting,
    ),
    "an error nobody catches": (
        lambda process, state, case: engine.fail_job(process, state, case.activity("job"), "X", "", context()),
        engine.StepFailed,
    ),
    "an escalation nobody catches": (
        lambda process, state, case: engine.escalate(process, state, case.activity("work"), "X", {"n": 9}, context()),
        engine.EscalationNotCaught,
    ),
    "a move that is refused": (
        lambda process, state, case: engine.modify(
            process, state, [engine.CancelActivity(case.activity("work")), engine.StartBefore("nowhere")], context()
        ),
        engine.ChangeRefused,
    ),
    "a variable that is not there": (
        lambda process, state, case: engine.set_variables(
            process, state, case.root, {"n": 9}, context(), removed=["missing"]
        ),
        engine.ChangeRefused,
    ),
    "what is no data": (complete(Broken), feel.NotRepresentable),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_step_that_fails_never_leaves_its_case_in_memory(name: str) -> None:
    step, error = FAILURES[name]
    case = Case(SOURCE, is_saved=False).start({"n": 1})
    with pytest.raises(error):
        step(case.process, case.state or b"", case)
    check_forgotten(case)


def test_nor_does_one_that_fails_in_a_way_nobody_has_thought_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_runtime: object) -> bytes:
        raise Broken

    case = Case(SOURCE, is_saved=False).start({"n": 1})
    with monkeypatch.context() as patched:
        patched.setattr(state_codec, "dump", broken)
        with pytest.raises(Broken):
            complete(3)(case.process, case.state or b"", case)
    check_forgotten(case)


def check_forgotten(case: Case) -> None:
    assert case.state is not None
    assert LIVE_CASES.take(case.process, case.state) is None
    case.do("work", n=2)
    assert (case.open, case.value("done"), case.value("n")) == (["after"], 2, 2)
