"""One build function for each kind of boxed expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lxml import etree

from app.feel.dmn.boxed import (
    build_context,
    build_function,
    build_invocation,
    build_list,
    build_literal,
    build_relation,
)
from app.feel.dmn.boxed_control import build_conditional, build_every, build_filter, build_for, build_some
from app.feel.dmn.reading import tag_of
from app.feel.dmn.scope import Logic, Scope, typed
from app.feel.dmn.tables import build_table

BUILDERS: Mapping[str, Callable[[etree._Element, Scope], Logic]] = {
    "literalExpression": build_literal,
    "inputExpression": build_literal,
    "outputEntry": build_literal,
    "defaultOutputEntry": build_literal,
    "decisionTable": build_table,
    "context": build_context,
    "list": build_list,
    "relation": build_relation,
    "functionDefinition": build_function,
    "invocation": build_invocation,
    "conditional": build_conditional,
    "filter": build_filter,
    "for": build_for,
    "some": build_some,
    "every": build_every,
}


def build(element: etree._Element, scope: Scope) -> Logic:
    """The logic of a boxed expression, its result converted to the type it declares."""
    tag = tag_of(element)
    logic = BUILDERS[tag](element, scope)
    if tag == "inputExpression" or not element.get("typeRef"):
        return logic
    return typed(logic, scope.type_of(element), element.get("id", tag))
