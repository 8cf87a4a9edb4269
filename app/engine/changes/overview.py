"""What can be changed about a case: what is open in it, and where a token can be put."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.engine import state_codec
from app.engine.changes.level_tree import LevelTree
from app.engine.changes.migration_plan import called_around
from app.engine.changes.modification import is_one_pass, why_not_cancelled
from app.engine.context import StepContext
from app.engine.parsed_process import ParsedProcess
from app.engine.spiff import SpiffTask


@dataclass(frozen=True, slots=True)
class OpenActivity:
    """A token, the scope it is in, and why it cannot be withdrawn for itself (a msgid; None where it can).

    called: the key of the called process it is in, empty for the case's own. number: which pass of a loop or
    multi-instance activity it is, counted from 1; 0 for everything else.
    """

    id: str
    element_id: str
    element_type: str
    execution_id: str
    refusal: str | None
    called: str
    number: int


@dataclass(frozen=True, slots=True)
class MoveTarget:
    """An element and why no token can be put before or behind it (msgids; None where one can)."""

    element_id: str
    element_type: str
    why_not_before: str | None
    why_not_after: str | None


def open_activities(process: ParsedProcess, state: bytes, context: StepContext) -> tuple[OpenActivity, ...]:
    """Everything that is open in a case; nothing is changed."""
    runtime = state_codec.load(process, state, context)
    return tuple(
        OpenActivity(
            spiff_task.id,
            spiff_task.task_spec.element_id,
            spiff_task.task_spec.element_type,
            spiff_task.workflow.id,
            why_not_cancelled(spiff_task),
            called_around(spiff_task.workflow),
            _number(spiff_task),
        )
        for spiff_task in runtime.tokens.values()
    )


def _number(spiff_task: SpiffTask) -> int:
    counter = spiff_task.workflow.variables.get("loopCounter") if is_one_pass(spiff_task) else None
    return int(counter) + 1 if isinstance(counter, Decimal) else 0


def move_targets(process: ParsedProcess) -> tuple[MoveTarget, ...]:
    """Every flow node of a process, with what can be done there."""
    return tuple(
        MoveTarget(node.element_id, node.element_type, node.why_not_before(), node.why_not_after())
        for node in LevelTree(process).nodes()
    )
