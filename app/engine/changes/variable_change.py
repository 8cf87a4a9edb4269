"""Variables changed by hand: set, added, removed, in one scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.engine.changes.refusal import ChangeRefused, Reason
from app.engine.context import StepContext
from app.engine.outcome import Outcome
from app.engine.parsed_process import ParsedProcess
from app.engine.scopes import Scope
from app.engine.steps import feel_values, finished, resumed
from app.i18n import N_


def set_variables(
    process: ParsedProcess,
    state: bytes,
    scope_id: str,
    values: Mapping[str, object],
    context: StepContext,
    *,
    removed: Collection[str] = (),
) -> Outcome:
    """Set variables of this very scope and remove others; conditions that wait see the change.

    Arguments: values, FEEL or Python values. Raises `ChangeRefused` with every reason, `StepFailed`.
    """
    runtime = resumed(process, state, context)
    scope = runtime.scopes.get(scope_id)
    if scope is None:
        raise ChangeRefused([Reason("", N_("Where the variable belongs is no longer open. Look at the case again."))])
    reasons = [*_counters(scope, {*values, *removed}), *_unknown(scope, removed)]
    if reasons:
        raise ChangeRefused(reasons)
    for name, value in feel_values(values).items():
        scope.set_local(name, value)
    for name in removed:
        scope.remove_local(name)
    return finished(runtime)


def _counters(scope: Scope, names: Collection[str]) -> list[Reason]:
    text = N_("“%(name)s” is kept by the engine and cannot be changed.")
    return [Reason("", text, {"name": name}) for name in sorted(set(names) & scope.engine_variables)]


def _unknown(scope: Scope, names: Collection[str]) -> list[Reason]:
    text = N_("There is no variable “%(name)s” here that could be removed.")
    return [Reason("", text, {"name": name}) for name in sorted(names) if name not in scope.variables]
