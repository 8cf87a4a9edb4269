"""The saved state of a case: scopes, their variables, and the live tokens; nothing of what is over.

Nodes are named by process key, level and name, so that the definition is not part of it; the order of keys has no
meaning and variables may have any name.
"""

from __future__ import annotations

import struct
import zlib

import orjson

from app.engine.context import StepContext
from app.engine.errors import StateNotReadable
from app.engine.parsed_process import ParsedProcess
from app.engine.runtime import RunningInstance
from app.engine.saved_state import VERSION, SavedScope, SavedState, Section, read, section, write
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.engine.variables import Variables
from app.i18n import N_

__all__ = ["VERSION", "dump", "load"]

_DAMAGED = (zlib.error, struct.error, orjson.JSONDecodeError, KeyError, IndexError, ValueError, TypeError)


def dump(runtime: RunningInstance) -> bytes:
    """The state of a case between two steps; only scopes that were touched are encoded."""
    sections = runtime.sections
    for scope in runtime.touched:
        scope.is_touched = False
        if scope.is_open:
            sections[scope.id] = _section(scope)
        else:
            sections.pop(scope.id, None)
    runtime.touched.clear()
    return write(runtime.business_key, runtime.end_event_id, sections.values())


def _section(scope: Scope) -> Section:
    owner_id = scope.owner.id if scope.owner is not None else None
    parent_id = scope.parent.id if scope.parent is not None else None
    tokens = [
        [token.id, token.task_spec.name, token.state_number, token.kept_data]
        for token in (*scope.listeners.values(), *scope.tasks.values())
    ]
    head: list[object] = [scope.kind, scope.spec.process_key, scope.spec.element_id]
    ids = (scope.id, parent_id, owner_id)
    return section(ids, scope.variables.encoded(), head, tokens, scope.undoable, scope.clocks)


def load(process: ParsedProcess, state: bytes, context: StepContext) -> RunningInstance:
    """Take up a case again; `StateNotReadable` when the state is damaged or does not fit the process.

    The scope of the process is built at once, others when they are first asked for; only then is it seen whether they
    fit.
    """
    try:
        saved = read(state)
        runtime = RunningInstance(process, context, saved.business_key)
        runtime.end_event_id = saved.end_event_id
        _Loader(runtime, saved)
        runtime.scopes[next(iter(saved.sections))]
    except _DAMAGED as error:
        raise _not_fitting(error) from error
    return runtime


def _not_fitting(error: Exception) -> StateNotReadable:
    return StateNotReadable(N_("The saved state of this case does not fit its process: %(detail)s"), detail=repr(error))


class _Loader:
    """Builds the scopes of a saved state, each with its tokens, after the one around it and after its owner."""

    def __init__(self, runtime: RunningInstance, saved: SavedState) -> None:
        self._runtime = runtime
        self._saved = saved
        self._home = saved.homes()
        runtime.sections = saved.sections
        runtime.scopes.wait(list(saved.sections), self._build_scope)
        runtime.tokens.wait(sorted(self._home), self._build_token)  # ids ascend: in the order of their creation

    def _build_token(self, token_id: str) -> None:
        self._build_scope(self._home[token_id])

    def _build_scope(self, scope_id: str) -> None:
        try:
            self._build(self._saved.scope(scope_id))
        except _DAMAGED as error:
            raise _not_fitting(error) from error

    def _build(self, saved: SavedScope) -> None:
        runtime = self._runtime
        kind, process_key, level_id, variables, tokens, *rest = saved.content()
        process = runtime.process_for(process_key)
        if process is None:
            raise KeyError(process_key)
        parent = runtime.scopes[saved.parent_id] if saved.parent_id is not None else None
        owner = runtime.tokens[saved.owner_id] if saved.owner_id is not None else None
        scope = Scope(runtime, process.levels[level_id], kind, saved.id, owner, parent)
        scope.variables = Variables(variables, scope.touch)
        scope.undoable = rest[0] if rest else []
        scope.clocks = rest[1] if len(rest) > 1 else {}
        runtime.scopes.built(saved.id, scope)
        for token_id, (name, state, internal_data) in zip(saved.token_ids, tokens, strict=True):
            token = SpiffTask(scope, scope.spec.node(name), token_id)
            token.restore_state(state, internal_data)
            if token.task_spec.is_listener:
                scope.add_listener(token)
            runtime.tokens.built(token_id, token)
