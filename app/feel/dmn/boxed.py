"""Boxed expressions with a structure: contexts, lists, relations, functions and invocations."""

from __future__ import annotations

from lxml import etree

from app.feel.compiler.functions import call_function
from app.feel.dmn.functions import ModelFunction
from app.feel.dmn.item_types import ANYTHING, ItemType
from app.feel.dmn.reading import child, children, text_of
from app.feel.dmn.scope import FEEL_NAMESPACES, START, Logic, Scope, Variables, null_logic, typed
from app.feel.evaluation import Evaluation
from app.feel.notices import N_, NOT_A_FUNCTION
from app.feel.values.callables import FeelFunction
from app.feel.values.kinds import kind_of

EXPRESSIONS = (
    "literalExpression",
    "decisionTable",
    "context",
    "list",
    "relation",
    "functionDefinition",
    "invocation",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
)


def logic_inside(parent: etree._Element, scope: Scope) -> Logic:
    """The logic of the one expression an element holds; having none is a problem."""
    expression = child(parent, *EXPRESSIONS)
    if expression is None:
        scope.problems.add(parent, N_("There is no expression here."))
        return null_logic
    return scope.logic(expression)


def named_variable(element: etree._Element, scope: Scope) -> tuple[str, ItemType]:
    """The name and type of the `variable` an element declares, or of the element itself."""
    variable = child(element, "variable")
    name = (variable.get("name") if variable is not None else None) or element.get("name") or ""
    return " ".join(name.split()), scope.type_of(variable)


def build_literal(element: etree._Element, scope: Scope) -> Logic:
    """FEEL text; another language is refused."""
    language = element.get("expressionLanguage")
    if language and language not in FEEL_NAMESPACES and "feel" not in language.lower():
        scope.problems.add(element, N_("The language %(language)s cannot be run; use FEEL."), language=language)
        return null_logic
    if child(element, "importedValues") is not None:
        scope.problems.add(element, N_("Imported values cannot be run; write the expression here."))
        return null_logic
    text = text_of(element, "text")
    if not text or not text.strip():
        scope.problems.add(element, N_("The expression is empty."))
        return null_logic
    expression = scope.expression(element, text)
    return null_logic if expression is None else expression.run


def build_context(element: etree._Element, scope: Scope) -> Logic:
    """Entries see those before them; an entry without a variable is the result."""
    entries: list[tuple[str | None, Logic]] = []
    scope, know = scope.with_entries()
    for entry in children(element, "contextEntry"):
        if child(entry, "variable") is None:
            entries.append((None, logic_inside(entry, scope)))
            continue
        name, type_ = named_variable(entry, scope)
        is_function = child(entry, "functionDefinition") is not None
        inner = scope.with_names([name]) if is_function else scope
        entries.append((name, typed(logic_inside(entry, inner), type_, name)))
        scope = know(scope, name)

    def run(variables: Variables, evaluation: Evaluation) -> object:
        known = dict(variables)
        context: dict[str, object] = {}
        for name, logic in entries:
            if name is None:
                return logic(known, evaluation)
            known[name] = context[name] = logic(known, evaluation)
        return context

    return run


def build_list(element: etree._Element, scope: Scope) -> Logic:
    """A list of boxed expressions."""
    items = [scope.logic(item) for item in children(element, *EXPRESSIONS)]
    return lambda variables, evaluation: [item(variables, evaluation) for item in items]


def build_relation(element: etree._Element, scope: Scope) -> Logic:
    """A list of contexts, one a row."""
    columns = [(column.get("name", ""), scope.type_of(column)) for column in children(element, "column")]
    rows: list[list[tuple[str, Logic]]] = []
    for row in children(element, "row"):
        cells = list(children(row, *EXPRESSIONS))
        if len(cells) != len(columns):
            scope.problems.add(row, N_("The row has not one expression for each column."))
            continue
        pairs = zip(columns, cells, strict=True)
        rows.append([(name, typed(scope.logic(cell), type_, name)) for (name, type_), cell in pairs])
    return lambda variables, evaluation: [{name: cell(variables, evaluation) for name, cell in row} for row in rows]


def formal_parameters(element: etree._Element, scope: Scope) -> list[tuple[str, ItemType]]:
    """The names and types of a function."""
    return [(item.get("name", ""), scope.type_of(item)) for item in children(element, "formalParameter")]


def build_function(element: etree._Element, scope: Scope) -> Logic:
    """A function that keeps the values around it."""
    kind = element.get("kind", "FEEL")
    if kind != "FEEL":
        scope.problems.add(element, N_("Functions of kind %(kind)s cannot be run; use FEEL."), kind=kind)
        return null_logic
    parameters = tuple(formal_parameters(element, scope))
    body = logic_inside(element, scope.with_names(name for name, _ in parameters))

    def run(variables: Variables, _evaluation: Evaluation) -> object:
        def call(arguments: Variables, evaluation: Evaluation) -> object:
            return body({**variables, **arguments}, evaluation)

        return ModelFunction("", parameters, call, ANYTHING)

    return run


def build_invocation(element: etree._Element, scope: Scope) -> Logic:
    """A call with named arguments; a parameter without an expression is null."""
    called = logic_inside(element, scope)
    bindings: list[tuple[str, Logic]] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else parameter.get("name", "")
        has_value = child(binding, *EXPRESSIONS) is not None
        bindings.append((name, logic_inside(binding, scope) if has_value else _null))

    def run(variables: Variables, evaluation: Evaluation) -> object:
        function = called(variables, evaluation)
        if not isinstance(function, FeelFunction):
            evaluation.notice(NOT_A_FUNCTION, START, type=kind_of(function))
            return None
        values = [logic(variables, evaluation) for _, logic in bindings]
        return call_function(evaluation, function, values, tuple(name for name, _ in bindings) or None, START)

    return run


def _null(_variables: Variables, _evaluation: Evaluation) -> object:
    return None
