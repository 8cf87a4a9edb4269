"""Clocks paused and going on again, by somebody's will."""

from __future__ import annotations

from app.engine import clocks
from app.engine.context import StepContext
from app.engine.errors import ClockNotRunning
from app.engine.outcome import Outcome
from app.engine.parsed_process import ParsedProcess
from app.engine.steps import finished, resumed


def pause_clock(process: ParsedProcess, state: bytes, scope_id: str, clock_id: str, context: StepContext) -> Outcome:
    """Let a clock of this scope stand still, and with it what is due by it. Raises `ClockNotRunning`."""
    return _change(process, state, scope_id, clock_id, context, is_to_pause=True)


def resume_clock(process: ParsedProcess, state: bytes, scope_id: str, clock_id: str, context: StepContext) -> Outcome:
    """Let a paused clock go on, later by the working time of the pause. Raises `ClockNotRunning`, `StepFailed`."""
    return _change(process, state, scope_id, clock_id, context, is_to_pause=False)


def _change(
    process: ParsedProcess, state: bytes, scope_id: str, clock_id: str, context: StepContext, *, is_to_pause: bool
) -> Outcome:
    runtime = resumed(process, state, context)
    scope = runtime.scopes.get(scope_id)
    clock = scope.clocks.get(clock_id) if scope is not None else None
    if scope is None or clock is None or (clock["paused"] is None) != is_to_pause:
        raise ClockNotRunning(clock_id)
    if is_to_pause:
        clocks.pause(scope, clock_id)
    else:
        clocks.go_on(scope, clock_id)
    return finished(runtime)
