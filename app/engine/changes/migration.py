"""Migration: a running case goes on with another version of its process."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from app.engine import state_codec
from app.engine.changes.kept_exclusions import lost_exclusions
from app.engine.changes.level_tree import LevelTree
from app.engine.changes.migration_plan import INSIDE, MigrationPlan, called_key_of
from app.engine.changes.refusal import ChangeRefused, Reason
from app.engine.context import StepContext
from app.engine.elements.activity import Activity
from app.engine.elements.user_task import UserTask
from app.engine.live_cases import LIVE_CASES
from app.engine.outcome import Outcome
from app.engine.parsed_process import ParsedProcess
from app.engine.saved_state import read
from app.engine.spiff import SpiffTask
from app.engine.steps import finished
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class MigratedActivity:
    """An activity that stays open, by its place in the new version; form_key and lane are those of user tasks."""

    id: str
    old_element_id: str
    element_id: str
    element_type: str
    element_name: str
    form_key: str | None
    lane: str | None
    not_performer_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration did: the step's outcome, what stays open, and the new element of each scope that has one."""

    outcome: Outcome
    activities: tuple[MigratedActivity, ...]
    scope_elements: Mapping[str, str]


def generate_mapping(process: ParsedProcess, target: ParsedProcess) -> dict[str, str]:
    """The elements of a process that another version has under the same id, at the same place and of the same kind."""
    old, new = LevelTree(process), LevelTree(target)
    mapping = {}
    for node in old.nodes():
        other = new.node(node.element_id)
        is_like = other is not None and other.takes_over(node)
        if is_like and old.path_of(node.element_id) == new.path_of(node.element_id):
            mapping[node.element_id] = node.element_id
    return mapping


def mapping_candidates(process: ParsedProcess, target: ParsedProcess) -> dict[str, tuple[str, ...]]:
    """For each element of a process those of another version that its tokens could go to, wherever they lie."""
    others = tuple(LevelTree(target).nodes())
    return {
        node.element_id: tuple(other.element_id for other in others if other.takes_over(node))
        for node in LevelTree(process).nodes()
    }


def migrate(
    process: ParsedProcess,
    state: bytes,
    target: ParsedProcess,
    mapping: Mapping[str, str],
    context: StepContext,
    *,
    called: Mapping[str, ParsedProcess] | None = None,
    performed: Collection[str] = (),
) -> Migrated:
    """Let a case of `process` go on as one of `target`; nothing of what is open begins anew.

    What waits keeps its id, its scope and its due date; boundary events, event subprocesses and events behind a
    gateway that only one of the versions has are armed or given up.

    Arguments: mapping, element ids of the process to those of the target, and `key/id` of those of a called process
    to ids of its new version, where they are others (empty for nowhere); context, with what the target calls; called,
    what the process calls until now; performed, user tasks of the case that were done. The result was saved and read
    again before it is returned. Raises `ChangeRefused` with every reason, `StepFailed`.
    """
    runtime = state_codec.load(process, state, replace(context, processes=called or context.processes))
    plan = MigrationPlan(runtime, target, mapping, context)
    reasons = [*plan.reasons, *_lost(process, target, mapping, context, called or context.processes, performed)]
    if reasons:
        raise ChangeRefused(reasons)
    before = {scope.id: scope.element_id for scope in runtime.scopes.values()}
    plan.carry_out()
    kept = plan.kept_tokens
    outcome = finished(runtime)
    if outcome.state is not None:
        LIVE_CASES.take(target, outcome.state)  # it may be a mere check; the next step reads what was saved
        _prove(target, outcome.state, context)
    activities = tuple(_migrated(token, old) for token, old in kept.items())
    scopes = {
        scope.id: scope.element_id
        for scope in runtime.scopes.values()
        if scope.element_id != before.get(scope.id, scope.element_id)
    }
    return Migrated(outcome, activities, scopes)


def _lost(
    process: ParsedProcess,
    target: ParsedProcess,
    mapping: Mapping[str, str],
    context: StepContext,
    called: Mapping[str, ParsedProcess],
    performed: Collection[str],
) -> Iterator[Reason]:
    """What four eyes would no longer see, in the process and in those it calls."""
    if not performed:
        return
    yield from lost_exclusions(process, target, mapping, performed)
    for key in sorted(called.keys() & context.processes.keys() - {process.key}):
        inside = {place.removeprefix(key + INSIDE): to for place, to in mapping.items() if called_key_of(place) == key}
        yield from lost_exclusions(called[key], context.processes[key], inside, performed)


def _migrated(token: SpiffTask, old_element_id: str) -> MigratedActivity:
    node = token.task_spec
    is_user_task = isinstance(node, UserTask)
    lane = (node.lane or token.workflow.inherited_lane) if isinstance(node, Activity) else None
    return MigratedActivity(
        token.id,
        old_element_id,
        node.element_id,
        node.element_type,
        node.element_name,
        node.assignment.form_key if is_user_task else None,
        lane,
        node.exclusions(token) if is_user_task else (),
    )


def _prove(target: ParsedProcess, state: bytes, context: StepContext) -> None:
    """Read the saved state as a case of the target and save it again: it must be the same."""
    again = state_codec.load(target, state, context)
    for token in again.tokens.values():
        token.workflow.touch()
    for scope in again.scopes.values():
        scope.touch()
    if _content(state_codec.dump(again)) != _content(state):
        text = N_("The case cannot be saved as one of the new version. Nothing was changed; tell your administrator.")
        raise ChangeRefused([Reason("", text)])


def _content(state: bytes) -> list[object]:
    """All of a saved state but its key."""
    saved = read(state)
    scopes = [(part.id, part.parent_id, part.owner_id, part.token_ids, part.content()) for part in saved.scopes()]
    return [saved.business_key, *scopes]
