"""From the XML of a DMN file to its requirement graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from app.feel.dmn.boxed import EXPRESSIONS, formal_parameters, logic_inside, named_variable
from app.feel.dmn.building import build
from app.feel.dmn.item_definitions import ItemDefinitions
from app.feel.dmn.item_types import ItemType
from app.feel.dmn.problems import Problems
from app.feel.dmn.reading import child, children, tag_of, text_of
from app.feel.dmn.requirements import Decision, DecisionService, Element, InputData, Key, KnowledgeModel
from app.feel.dmn.scope import Scope
from app.feel.dmn.shapes import shape_of
from app.feel.notices import N_

_KINDS: Mapping[str, type[Element]] = {
    kind.tag: kind for kind in (InputData, Decision, KnowledgeModel, DecisionService)
}
_NOT_DRAWN = " "  # no id begins so
_LITERALS = frozenset({"true", "false", "null"})
_REFERENCES = ("requiredDecision", "requiredInput", "requiredKnowledge")


class Loader:
    """Builds the elements of one file.

    imported: elements of other files with the prefix they are known under.
    prefixes: that prefix by namespace.
    """

    def __init__(
        self,
        definitions: etree._Element,
        imported: Mapping[Key, Element],
        imported_types: Mapping[str, ItemType],
        prefixes: Mapping[str, str],
        properties: tuple[str, ...],
        problems: Problems,
    ) -> None:
        self._definitions = definitions
        self._problems = problems
        self.namespace = definitions.get("namespace") or ""
        self._prefixes = {self.namespace: "", **prefixes}
        items = ItemDefinitions(definitions, imported_types, self._prefixes, problems)
        self.types = items.types
        self.properties = (*properties, *_names_in(definitions))
        self._scope = Scope(build, problems, items.types, items.feel_types(), self.properties, self._prefixes)
        self._known: dict[Key, Element] = dict(imported)
        self.elements: dict[Key, Element] = {}
        self._xml: dict[Key, etree._Element] = {}
        self._has_inputs = False

    def load(self) -> None:
        """Find all elements, connect them, then build their logic."""
        for xml in children(self._definitions, *_KINDS):
            self._declare(xml)
        for key, element in self.elements.items():
            self._connect(element, self._xml[key])
            if isinstance(element, Decision):
                element.outputs = tuple(_known_outputs(self._xml[key]))
        self._check_cycles()
        self._has_inputs = any(isinstance(element, InputData) for element in self._known.values())
        for key, element in self.elements.items():
            self._build(element, self._xml[key])

    def _declare(self, xml: etree._Element) -> None:
        key = (self.namespace, xml.get("id") or xml.get("name") or "")
        if key in self.elements:
            self._problems.add(xml, N_("There is another element with this id."))
            return
        name, type_ = named_variable(xml, self._scope)
        self.elements[key] = self._known[key] = _KINDS[tag_of(xml)](key, name, type_, xml.get("name") or name)
        self._xml[key] = xml

    def _referred(self, reference: etree._Element) -> Element | None:
        """The element an `href` names: `#id`, or a namespace before it for one of another file."""
        href = reference.get("href", "")
        namespace, _, identifier = href.rpartition("#")
        found = self._known.get((namespace or self.namespace, identifier))
        if found is None:
            self._problems.add(reference, N_("There is no element “%(href)s”."), href=href)
        return found

    def _connect(self, element: Element, xml: etree._Element) -> None:
        for requirement in children(xml, "informationRequirement", "knowledgeRequirement"):
            for reference in children(requirement, *_REFERENCES):
                required = self._referred(reference)
                if required is not None:
                    element.requirements.append((self._prefixes.get(required.key[0], ""), required))
        if isinstance(element, DecisionService):
            element.inputs = list(self._listed(xml, "inputData")) + list(self._listed(xml, "inputDecision"))
            element.outputs = list(self._listed(xml, "outputDecision"))
            if not element.outputs:
                self._problems.add(xml, N_("The decision service has no output decision."))

    def _listed(self, xml: etree._Element, tag: str) -> Iterator[Element]:
        for reference in children(xml, tag):
            found = self._referred(reference)
            if found is not None:
                yield found

    def _check_cycles(self) -> None:
        """Requirements that come back to where they started have no value."""
        finished: set[Key] = set()
        for element in self.elements.values():
            pending: list[tuple[Element, bool]] = [(element, False)]
            path: set[Key] = set()
            while pending:
                current, is_left = pending.pop()
                if is_left:
                    path.discard(current.key)
                    finished.add(current.key)
                elif current.key in path:
                    self._problems.add(self._xml[element.key], N_("The element requires itself."))
                    current.requirements.clear()
                elif current.key not in finished:
                    path.add(current.key)
                    pending.append((current, True))
                    pending.extend((required, False) for required in _data_requirements(current))

    def _build(self, element: Element, xml: etree._Element) -> None:
        scope = self._scope.with_names(_visible_names(element))
        if isinstance(element, Decision):
            self._build_decision(element, xml, scope)
        elif isinstance(element, KnowledgeModel):
            self._build_knowledge(element, xml, scope)

    def _build_decision(self, element: Decision, xml: etree._Element, scope: Scope) -> None:
        """In a file without input data other names are variables all the same, as for the engines of Camunda."""
        tested = set() if self._has_inputs else {*_tested_names(xml)} - scope.names
        scope = replace(scope.with_names(tested), undeclared=set())
        element.logic = logic_inside(xml, scope) if child(xml, *EXPRESSIONS) is not None else None
        element.shape = shape_of(xml, element.name)
        if not self._has_inputs:
            meant = sorted(scope.undeclared | tested)
            element.requirements += [("", InputData((self.namespace, f"{_NOT_DRAWN}{name}"), name)) for name in meant]

    def _build_knowledge(self, element: KnowledgeModel, xml: etree._Element, scope: Scope) -> None:
        function = child(xml, "encapsulatedLogic")
        if function is None:
            self._problems.add(xml, N_("The knowledge model has no logic."))
            return
        kind = function.get("kind", "FEEL")
        if kind != "FEEL":
            self._problems.add(function, N_("Functions of kind %(kind)s cannot be run; use FEEL."), kind=kind)
            return
        element.parameters = tuple(formal_parameters(function, scope))
        names = [name for name, _ in element.parameters]
        element.logic = logic_inside(function, scope.with_names([*names, element.name]))


def _tested_names(xml: etree._Element) -> Iterator[str]:
    """What the columns of a table test, where that is a single name: also one that a built-in function has."""
    for column in xml.iterfind("{*}decisionTable/{*}input/{*}inputExpression"):
        name = (text_of(column, "text") or "").strip()
        if name.isidentifier() and name not in _LITERALS:
            yield name


def _known_outputs(xml: etree._Element) -> list[str]:
    """The outputs of a table whose decision has no variable; all of them have a name, or none counts."""
    if child(xml, "variable") is not None:
        return []
    names = [output.get("name", "") for output in xml.iterfind("{*}decisionTable/{*}output")]
    return names if all(names) else []


def _data_requirements(element: Element) -> list[Element]:
    """A knowledge model may call itself, so only what is computed at once can go in circles."""
    if isinstance(element, KnowledgeModel):
        return []
    return [required for _, required in element.requirements]


def _visible_names(element: Element) -> Iterator[str]:
    for prefix, required in element.requirements:
        yield prefix or required.name
        if isinstance(required, Decision) and not prefix:
            yield from required.outputs


def _names_in(definitions: etree._Element) -> Iterator[str]:
    """Every name of several words in the file: any of them can follow a dot."""
    own = definitions.iter(f"{{{etree.QName(definitions).namespace}}}*")
    seen = {name for element in own if (name := element.get("name"))}
    return (name for name in sorted(seen) if not name.isidentifier())
