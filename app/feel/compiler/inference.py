"""The type of an expression as far as its form alone tells it."""

from __future__ import annotations

from app.feel.syntax import nodes
from app.feel.types import ANY, BOOLEAN, TYPE_OF_KIND, ContextType, FeelType, FunctionType, ListType
from app.feel.values.kinds import kind_of

_BOOLEAN_NODES = (nodes.Comparison, nodes.Junction, nodes.Between, nodes.In, nodes.InstanceOf, nodes.Quantified)


def type_of_node(node: nodes.Node | None) -> FeelType:
    """What a function's result is known to be before it is called; `Any` where it is not known."""
    if isinstance(node, nodes.Literal):
        return TYPE_OF_KIND.get(kind_of(node.value), ANY)
    if isinstance(node, _BOOLEAN_NODES):
        return BOOLEAN
    if isinstance(node, nodes.ContextLiteral):
        return ContextType(tuple((name, type_of_node(entry)) for name, entry in node.entries))
    if isinstance(node, nodes.ListLiteral):
        elements = {type_of_node(item) for item in node.items}
        return ListType(elements.pop() if len(elements) == 1 else ANY)
    if isinstance(node, nodes.FunctionLiteral):
        return type_of_function_literal(node)
    return ANY


def type_of_function_literal(node: nodes.FunctionLiteral) -> FunctionType:
    """The declared types of the parameters with the inferred type of the body."""
    parameters = tuple(parameter.type or ANY for parameter in node.parameters)
    return FunctionType(parameters, type_of_node(node.body))
