"""One compile function for each kind of node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.feel.compiler.collections import (
    compile_context,
    compile_filter,
    compile_list,
    compile_path,
    compile_range,
)
from app.feel.compiler.control import compile_for, compile_if, compile_quantified
from app.feel.compiler.functions import compile_call, compile_function
from app.feel.compiler.names import compile_at_literal, compile_literal, compile_name
from app.feel.compiler.operators import (
    compile_arithmetic,
    compile_between,
    compile_comparison,
    compile_instance_of,
    compile_junction,
    compile_negation,
)
from app.feel.compiler.scope import Code, Scope
from app.feel.compiler.unary import compile_in
from app.feel.syntax import nodes

COMPILERS: Mapping[type[nodes.Node], Callable[[Any, Scope], Code]] = {
    nodes.Literal: compile_literal,
    nodes.AtLiteral: compile_at_literal,
    nodes.Name: compile_name,
    nodes.ListLiteral: compile_list,
    nodes.ContextLiteral: compile_context,
    nodes.RangeLiteral: compile_range,
    nodes.Path: compile_path,
    nodes.Filter: compile_filter,
    nodes.Call: compile_call,
    nodes.FunctionLiteral: compile_function,
    nodes.If: compile_if,
    nodes.For: compile_for,
    nodes.Quantified: compile_quantified,
    nodes.Junction: compile_junction,
    nodes.Arithmetic: compile_arithmetic,
    nodes.Negation: compile_negation,
    nodes.Comparison: compile_comparison,
    nodes.Between: compile_between,
    nodes.InstanceOf: compile_instance_of,
    nodes.In: compile_in,
}


def compile_node(node: nodes.Node, scope: Scope) -> Code:
    """The code of a node and all below it."""
    return COMPILERS[type(node)](node, scope)
