"""What is known at one place of a DMN file: names, types, and how its expressions are built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lxml import etree

from app.feel.dmn.item_types import ANYTHING, NO_FIT, ItemType
from app.feel.dmn.problems import Problems
from app.feel.errors import FeelSyntaxError
from app.feel.evaluation import Evaluation
from app.feel.expression import Expression, UnaryTests, build_expression, build_unary_tests
from app.feel.notices import N_, NOT_OF_TYPE, NOT_SUPPORTED, Position
from app.feel.syntax.names import NameTable, shared_table
from app.feel.types import BUILT_IN_TYPES, FeelType

Compiled = TypeVar("Compiled", Expression, UnaryTests)
Variables = Mapping[str, object]
Logic = Callable[[Variables, Evaluation], object]
START = Position(1, 1)
FEEL_NAMESPACES = frozenset(
    [
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    ]
)
_WHOLE = build_unary_tests("? = floor(?)")
# What Camunda 7 calls numbers, and what they must be besides.
_CAMUNDA_NUMBERS: Mapping[str, tuple[UnaryTests, ...]] = {"double": (), "integer": (_WHOLE,), "long": (_WHOLE,)}


@dataclass(frozen=True)
class Scope:
    """`names` can be used as variables, `properties` after a dot, `types` as types.

    undeclared: collects what expressions read besides; a file without input data means variables by it.
    """

    build: Callable[[etree._Element, Scope], Logic]
    problems: Problems
    types: Mapping[str, ItemType]
    feel_types: Mapping[str, FeelType]
    properties: tuple[str, ...]
    namespaces: Mapping[str, str]
    names: frozenset[str] = frozenset()
    undeclared: set[str] = field(default_factory=set)
    tables: tuple[NameTable, ...] = ()  # of these names

    def with_names(self, names: Iterable[str]) -> Scope:
        more = tuple(names)
        return replace(self, names=self.names | frozenset(more), tables=(*self.tables, shared_table(more)))

    def with_entries(self) -> tuple[Scope, Callable[[Scope, str], Scope]]:
        """A scope for the entries of a context, and what makes each of them known to those after it."""
        table = NameTable()

        def know(scope: Scope, name: str) -> Scope:
            table.add(name)
            return replace(scope, names=scope.names | {name})

        return replace(self, tables=(*self.tables, table)), know

    def logic(self, element: etree._Element) -> Logic:
        return self.build(element, self)

    def expression(self, element: etree._Element, text: str) -> Expression | None:
        """A compiled expression; None when it cannot be read, which is a problem then."""
        try:
            return self._noted(build_expression(text, self.names, self.properties, self.feel_types, self.tables))
        except FeelSyntaxError as error:
            self.problems.add_syntax_error(element, error)
            return None

    def quiet_expression(self, text: str) -> Expression | None:
        """A compiled expression, or None without any complaint."""
        try:
            return self._noted(build_expression(text, self.names, self.properties, self.feel_types, self.tables))
        except FeelSyntaxError:
            return None

    def unary_tests(self, element: etree._Element, text: str) -> UnaryTests | None:
        """Compiled tests; None when they cannot be read, which is a problem then."""
        try:
            return self._noted(build_unary_tests(text, self.names, self.properties, self.feel_types, self.tables))
        except FeelSyntaxError as error:
            self.problems.add_syntax_error(element, error)
            return None

    def _noted(self, compiled: Compiled) -> Compiled:
        self.undeclared.update(compiled.free_names - self.names)
        return compiled

    def type_of(self, element: etree._Element | None) -> ItemType:
        """The type an element refers to with `typeRef`; anything when it does not."""
        reference = None if element is None else element.get("typeRef")
        if element is None or not reference:
            return ANYTHING
        found = find_type(reference, element, self.types, self.namespaces)
        if found is None:
            self.problems.add(element, N_("There is no type called “%(type)s”."), type=reference)
            return ANYTHING
        return found


def find_type(
    reference: str, element: etree._Element, types: Mapping[str, ItemType], namespaces: Mapping[str, str]
) -> ItemType | None:
    """A type by its name; DMN 1.1 puts the prefix of an XML namespace before it.

    namespaces: the prefix under which the types of each imported namespace are known.
    """
    if reference in types:
        return types[reference]
    prefix, mark, local = reference.partition(":")
    name = local if mark else reference
    namespace = element.nsmap.get(prefix, "") if mark else ""
    if namespace in namespaces:
        qualified = f"{namespaces[namespace]}.{name}" if namespaces[namespace] else name
        if qualified in types:
            return types[qualified]
    if name in BUILT_IN_TYPES:
        return ItemType(BUILT_IN_TYPES[name])
    if name in _CAMUNDA_NUMBERS:
        return ItemType(BUILT_IN_TYPES["number"], allowed=_CAMUNDA_NUMBERS[name])
    # A prefix that stands for nothing can only have been meant for this file.
    return types.get(name) if not namespace else None


def null_logic(_variables: Variables, evaluation: Evaluation) -> object:
    """What stands in for logic that cannot run, in a model that is read tolerantly."""
    evaluation.notice(NOT_SUPPORTED, START, feature="DMN")
    return None


def typed(logic: Logic, type_: ItemType, name: str) -> Logic:
    """Logic whose result is converted to a type, and null where it does not fit."""
    if type_ is ANYTHING:
        return logic
    return lambda variables, evaluation: fitted(logic(variables, evaluation), type_, name, evaluation)


def fitted(value: object, type_: ItemType, name: str, evaluation: Evaluation) -> object:
    """The value as a type has it, or null with a notice."""
    accepted = type_.accept(value, evaluation)
    if accepted is NO_FIT:
        evaluation.notice(NOT_OF_TYPE, START, name=name, type=str(type_.feel_type))
        return None
    return accepted
