"""The saved state of a case: scopes, their variables, and the live tokens; nothing of what is over.

Flat JSON, compressed, with a version first. Nodes are named by process key, level and name, so that the definition
is not part of it; the order of keys has no meaning and variables may have any name.
"""

from __future__ import annotations

import zlib
from typing import Any

import orjson

from app.engine.context import StepContext
from app.engine.errors import StateNotReadable
from app.engine.parsed_process import ParsedProcess
from app.engine.runtime import RunningInstance
from app.engine.scopes import Scope
from app.engine.spiff import SpiffTask
from app.engine.variables import Variables
from app.i18n import N_

VERSION = 1
_COMPRESSION = 1  # the fastest: states are small


def dump(runtime: RunningInstance) -> bytes:
    """The state of a case between two steps."""
    document = {
        "version": VERSION,
        "business_key": runtime.business_key,
        "scopes": [_scope_row(scope) for scope in runtime.scopes.values()],
        "tokens": [_token_row(spiff_task) for spiff_task in runtime.tokens.values()],
    }
    return zlib.compress(orjson.dumps(document), _COMPRESSION)


def _scope_row(scope: Scope) -> list[object]:
    owner_id = scope.owner.id if scope.owner is not None else None
    parent_id = scope.parent.id if scope.parent is not None else None
    level = [scope.spec.process_key, scope.spec.element_id]
    return [scope.id, parent_id, owner_id, scope.kind, *level, scope.variables.encoded()]


def _token_row(spiff_task: SpiffTask) -> list[object]:
    scope: Scope = spiff_task.workflow
    return [spiff_task.id, scope.id, spiff_task.task_spec.name, spiff_task.state_number, spiff_task.internal_data]


def load(process: ParsedProcess, state: bytes, context: StepContext) -> RunningInstance:
    """Build the case again; `StateNotReadable` when the state is damaged or does not fit the process."""
    try:
        document = orjson.loads(zlib.decompress(state))
        if document["version"] != VERSION:
            raise StateNotReadable(
                N_("The saved state of this case has version %(found)s; this program reads %(known)s."),
                found=document["version"],
                known=VERSION,
            )
        runtime = RunningInstance(process, context, document["business_key"])
        _restore(runtime, document["scopes"], document["tokens"])
    except (zlib.error, orjson.JSONDecodeError, KeyError, ValueError, TypeError) as error:
        raise StateNotReadable(
            N_("The saved state of this case does not fit its process: %(detail)s"), detail=repr(error)
        ) from error
    return runtime


def _restore(runtime: RunningInstance, scope_rows: list[list[Any]], token_rows: list[list[Any]]) -> None:
    """A scope refers to the token that owns it: tokens are built with their scope, parents before children."""
    tokens_by_scope: dict[str, list[list[Any]]] = {}
    for row in token_rows:
        tokens_by_scope.setdefault(row[1], []).append(row)
    order: dict[str, SpiffTask] = {}
    for scope_id, parent_id, owner_id, kind, process_key, level_id, variables in scope_rows:
        process = runtime.process_for(process_key)
        if process is None:
            raise KeyError(process_key)
        parent = runtime.scopes[parent_id] if parent_id is not None else None
        owner = order[owner_id] if owner_id is not None else None
        scope = Scope(runtime, process.levels[level_id], kind, scope_id, owner, parent)
        scope.variables = Variables(variables)
        runtime.scopes[scope_id] = scope
        for row in tokens_by_scope.get(scope_id, ()):
            order[row[0]] = _token(scope, row)
    for row in token_rows:  # as they were: the order decides who is asked first
        runtime.tokens[row[0]] = order[row[0]]


def _token(scope: Scope, row: list[Any]) -> SpiffTask:
    identifier, _scope_id, name, state, internal_data = row
    spiff_task = SpiffTask(scope, scope.spec.node(name), identifier)
    spiff_task.restore_state(state, internal_data)
    return spiff_task
