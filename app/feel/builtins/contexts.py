"""Context functions (DMN 1.5 clause 10.3.4.10)."""

from __future__ import annotations

from app.feel.builtins.arguments import invalid
from app.feel.builtins.registry import function, metered, pure
from app.feel.evaluation import Evaluation

ContextValue = dict[str, object]


def _get_value(context: ContextValue, key: str) -> object:
    return context.get(key)


def _get_value_at(context: ContextValue, keys: list[object]) -> object:
    value: object = context
    if not keys:
        raise invalid("get value", keys)
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = value.get(key)
    return value


def _get_entries(evaluation: Evaluation, context: ContextValue) -> list[object]:
    evaluation.tick(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(evaluation: Evaluation, entries: list[object]) -> ContextValue:
    """Build a context from contexts with `key` and `value`; no key may come twice."""
    evaluation.tick(len(entries))
    context: ContextValue = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            raise invalid("context", entry)
        key = entry.get("key")
        if not isinstance(key, str) or key in context:
            raise invalid("context", entry)
        context[key] = entry["value"]
    return context


def _context_put(evaluation: Evaluation, context: ContextValue, key: str, value: object) -> ContextValue:
    evaluation.tick(len(context))
    return {**context, key: value}


def _context_put_at(evaluation: Evaluation, context: ContextValue, keys: list[object], value: object) -> ContextValue:
    """Put a value deep inside; what is missing on the way is made."""
    if not keys or len(keys) > evaluation.budget.depth:
        raise invalid("context put", keys)
    first, *rest = keys
    if not isinstance(first, str):
        raise invalid("context put", first)
    evaluation.tick(len(context))
    if not rest:
        return {**context, first: value}
    inner = context.get(first)
    if inner is None:
        inner = {}
    if not isinstance(inner, dict):
        raise invalid("context put", inner)
    return {**context, first: _context_put_at(evaluation, inner, rest, value)}


def _context_merge(evaluation: Evaluation, contexts: list[object]) -> ContextValue:
    """The last value of each key wins."""
    merged: ContextValue = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise invalid("context merge", context)
        evaluation.tick(len(context))
        merged.update(context)
    return merged


CONTEXT_FUNCTIONS = (
    function(
        "get value",
        pure("m: context, key: string", _get_value),
        pure("context: context, key: string", _get_value),
        pure("m: context, keys: list", _get_value_at),
        pure("context: context, keys: list", _get_value_at),
    ),
    function("get entries", metered("m: context", _get_entries), metered("context: context", _get_entries)),
    function("context", metered("entries: list", _context)),
    function(
        "context put",
        metered("context: context, key: string, value: any?", _context_put),
        metered("context: context, keys: list, value: any?", _context_put_at),
    ),
    function("context merge", metered("contexts: list", _context_merge)),
)
