"""Builds types from `itemDefinition` elements, which may refer to each other in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from app.feel.dmn.item_types import ANYTHING, ItemType, context_of, function_of, list_of
from app.feel.dmn.problems import Problems
from app.feel.dmn.reading import child, children, text_of
from app.feel.dmn.scope import find_type
from app.feel.errors import FeelSyntaxError
from app.feel.expression import UnaryTests, build_unary_tests
from app.feel.notices import N_
from app.feel.types import FeelType


class ItemDefinitions:
    """Resolves the item definitions of one file; `types` holds the imported ones at first."""

    def __init__(
        self,
        definitions: etree._Element,
        imported: Mapping[str, ItemType],
        namespaces: Mapping[str, str],
        problems: Problems,
    ) -> None:
        self.types: dict[str, ItemType] = dict(imported)
        self._namespaces = namespaces
        self._problems = problems
        self._elements = {name: item for item in children(definitions, "itemDefinition") if (name := item.get("name"))}
        self._unfinished: set[str] = set()
        for name, element in self._elements.items():
            self._resolve(name, element)

    def _resolve(self, name: str, element: etree._Element) -> ItemType:
        if name in self.types:
            return self.types[name]
        if name in self._unfinished:
            self._problems.add(element, N_("The type refers to itself."))
            return ANYTHING
        self._unfinished.add(name)
        self.types[name] = resolved = self._build(element)
        self._unfinished.discard(name)
        return resolved

    def _build(self, element: etree._Element) -> ItemType:
        components = list(children(element, "itemComponent"))
        function = child(element, "functionItem")
        if components:
            built = context_of({item.get("name", ""): self._build(item) for item in components})
        elif function is not None:
            built = self._function(function)
        else:
            built = self._reference(element, text_of(element, "typeRef"))
        return self._constrained(element, built)

    def _constrained(self, element: etree._Element, built: ItemType) -> ItemType:
        """Allowed values restrict the elements of a collection, a type constraint all of it."""
        allowed = self._tests(element, "allowedValues")
        constraint = self._tests(element, "typeConstraint")
        if element.get("isCollection") == "true":
            collection = list_of(_restricted(built, allowed))
            return _restricted(collection, constraint)
        return _restricted(_restricted(built, allowed), constraint)

    def _function(self, element: etree._Element) -> ItemType:
        parameters = [self._reference(item, item.get("typeRef")) for item in children(element, "parameters")]
        return function_of(parameters, self._reference(element, element.get("outputTypeRef")))

    def _reference(self, element: etree._Element, reference: str | None) -> ItemType:
        if not reference:
            return ANYTHING
        reference = reference.strip()
        local = reference.rpartition(":")[2]
        for name in (reference, local):
            if name in self._elements:
                return self._resolve(name, self._elements[name])
        found = find_type(reference, element, self.types, self._namespaces)
        if found is None:
            self._problems.add(element, N_("There is no type called “%(type)s”."), type=reference)
        return found or ANYTHING

    def _tests(self, element: etree._Element, tag: str) -> UnaryTests | None:
        holder = child(element, tag)
        text = None if holder is None else text_of(holder, "text")
        if holder is None or not text or not text.strip():
            return None
        try:
            return build_unary_tests(text)
        except FeelSyntaxError as error:
            self._problems.add_syntax_error(holder, error)
            return None

    def feel_types(self) -> dict[str, FeelType]:
        """The types by name, as `instance of` takes them."""
        return {name: type_.feel_type for name, type_ in self.types.items()}


def _restricted(type_: ItemType, tests: UnaryTests | None) -> ItemType:
    if tests is None or tests.is_irrelevant:
        return type_
    return replace(type_, allowed=(*type_.allowed, tests))
