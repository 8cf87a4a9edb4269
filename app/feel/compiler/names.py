"""Literals and names."""

from __future__ import annotations

from app.feel.compiler.scope import Code, Scope
from app.feel.conversion import from_python
from app.feel.evaluation import Frame
from app.feel.notices import INVALID_VALUE, UNKNOWN_NAME, UNKNOWN_PROPERTY
from app.feel.syntax import nodes
from app.feel.values.kinds import KIND_BY_TYPE
from app.feel.values.literals import parse_temporal


def compile_literal(node: nodes.Literal, _scope: Scope) -> Code:
    """A value known from the text."""
    value = node.value
    return lambda _frame: value


def compile_at_literal(node: nodes.AtLiteral, _scope: Scope) -> Code:
    """`@"..."`, read once."""
    value = parse_temporal(node.text)
    if value is not None:
        return lambda _frame: value

    def invalid(frame: Frame) -> object:
        frame.evaluation.notice(INVALID_VALUE, node.position, value=node.text, function="@")
        return None

    return invalid


def compile_name(node: nodes.Name, scope: Scope) -> Code:
    """The innermost thing of that name: an entry, a local name, a variable, a built-in."""
    elements, slot = scope.resolve(node.name)
    if slot is not None:
        code = _local(slot)
    else:
        scope.note_free(node.name, may_be_entry=bool(elements))
        code = _variable(node, scope, is_entry=bool(elements))
    for element in reversed(elements):
        code = _entry_or(node.name, element, code)
    return code


def _local(slot: int) -> Code:
    return lambda frame: frame.slots[slot]


def _variable(node: nodes.Name, scope: Scope, *, is_entry: bool) -> Code:
    name = node.name
    built_in = scope.built_ins.get(name)

    def missing(frame: Frame) -> object:
        if built_in is not None:
            return built_in
        if is_entry:
            frame.evaluation.notice(UNKNOWN_PROPERTY, node.position, name=name, type="context")
        else:
            frame.evaluation.notice(UNKNOWN_NAME, node.position, name=name)
        return None

    def load(frame: Frame) -> object:
        try:
            value = frame.variables[name]
        except KeyError:
            return missing(frame)
        return value if type(value) in KIND_BY_TYPE else from_python(value)

    return load


def _entry_or(name: str, element: int, otherwise: Code) -> Code:
    """The entry of a filter's element, if it is a context that has it."""

    def load(frame: Frame) -> object:
        context = frame.slots[element]
        if type(context) is dict and name in context:
            return context[name]
        return otherwise(frame)

    return load
