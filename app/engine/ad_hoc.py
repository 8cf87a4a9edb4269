"""Steps and questions about ad-hoc subprocesses: which activities can be begun, and beginning one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine import state_codec
from app.engine.context import StepContext
from app.engine.elements.ad_hoc_subprocess import AdHocSubProcess
from app.engine.errors import ActivityNotWaiting
from app.engine.outcome import Outcome
from app.engine.parsed_process import ParsedProcess
from app.engine.steps import finished, resumed


@dataclass(frozen=True, slots=True)
class EnabledActivity:
    """An activity that can be begun now; activity_id: the open ad-hoc subprocess it is in."""

    activity_id: str
    element_id: str
    element_type: str
    element_name: str


def start_ad_hoc(
    process: ParsedProcess, state: bytes, activity_id: str, element_id: str, context: StepContext
) -> Outcome:
    """Begin an activity of an open ad-hoc subprocess (BPMN 2.0.2, 13.3.5).

    Raises `ActivityNotWaiting` when the subprocess is no longer open, `ActivityNotEnabled`, `StepFailed`.
    """
    runtime = resumed(process, state, context)
    spiff_task = runtime.tokens.get(activity_id)
    if spiff_task is None or not isinstance(spiff_task.task_spec, AdHocSubProcess):
        raise ActivityNotWaiting(activity_id)
    node = spiff_task.task_spec
    runtime.attempt(spiff_task, lambda token: node.begin_inner(token, element_id))
    return finished(runtime)


def enabled_activities(process: ParsedProcess, state: bytes, context: StepContext) -> tuple[EnabledActivity, ...]:
    """What can be begun in the open ad-hoc subprocesses of a case; nothing is changed."""
    return tuple(_enabled(process, state, context))


def _enabled(process: ParsedProcess, state: bytes, context: StepContext) -> Iterator[EnabledActivity]:
    for spiff_task in state_codec.load(process, state, context).tokens.values():
        node = spiff_task.task_spec
        if isinstance(node, AdHocSubProcess):
            for inner in node.inner.start_nodes:
                if node.why_not_enabled(spiff_task, inner.element_id) is None:
                    yield EnabledActivity(spiff_task.id, inner.element_id, inner.element_type, inner.element_name)
