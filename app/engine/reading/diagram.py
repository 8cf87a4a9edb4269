"""A diagram while it is read: what refers to what, what is wrong with it, and its FEEL compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app import feel
from app.engine.data.items import DataItem
from app.engine.expressions import FeelText, Literal, TextOrFeel
from app.engine.problems import Problem
from app.engine.reading.xml_names import PREFIXES, Element, is_drawing, is_foreign, line_of, tag
from app.i18n import N_

_NAMESPACES = {prefix: namespace for namespace, prefix in PREFIXES.items()}
_JUEL = ("${", "#{")
MAX_TOLD = 200  # problems, and warnings: nobody reads more
_NOT_LOOKED_INTO = frozenset({"bpmn:auditing", "bpmn:documentation", "bpmn:monitoring"})


@dataclass(frozen=True, slots=True)
class MessageDeclaration:
    """A bpmn:message: its name and where its correlation key comes from."""

    name: str
    correlation_key: TextOrFeel | None


def qualified(name: str) -> str:
    """`camunda:assignee` as lxml writes it."""
    prefix, colon, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}" if colon else name


def children(element: Element, *names: str) -> list[Element]:
    """The direct children with one of these short names."""
    return [child for child in element if tag(child) in names]


def child(element: Element, name: str) -> Element | None:
    """The first direct child of this short name."""
    return element.find(qualified(name))


def extension(element: Element, name: str) -> Element | None:
    """An element inside bpmn:extensionElements."""
    extensions = child(element, "bpmn:extensionElements")
    return None if extensions is None else child(extensions, name)


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its short name, without blanks around it."""
    value = element.get(qualified(name))
    return None if value is None else value.strip()


def names_in(text: str | None) -> list[str]:
    """The names in the text of an attribute, separated by blanks or commas, each once."""
    return list(dict.fromkeys((text or "").replace(",", " ").split()))


def text_of(element: Element | None) -> str:
    """The text inside, without blanks around it."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def is_expression(text: str) -> bool:
    """Whether a text that may be literal is none: FEEL after `=`, or an expression of Camunda 7."""
    return text.startswith(("=", *_JUEL))


def has_juel(text: str) -> bool:
    """Whether there is an expression of Camunda 7 in a text."""
    return any(sign in text for sign in _JUEL)


def is_true(element: Element, name: str, *, default: bool = False) -> bool:
    """An attribute of XML Schema's boolean type."""
    value = attribute(element, name)
    return default if value is None else value in {"true", "1"}


def local_id(name: str) -> str:
    """The id in a reference, which may have a prefix."""
    return name.strip().rpartition(":")[2]


def owner_of(element: Element) -> Element:
    """The nearest element with an id: what a message about it should name."""
    current: Element | None = element
    while current is not None:
        if current.get("id"):
            return current
        current = current.getparent()
    return element


def _read_elements(root: Element) -> Iterator[tuple[str, Element]]:
    """Short names and elements, without what belongs to other namespaces or only tells how a diagram looks."""
    pending = [root]
    while pending:
        element = pending.pop()
        name = tag(element)
        if name in _NOT_LOOKED_INTO or is_drawing(str(element.tag)) or is_foreign(str(element.tag)):
            continue
        pending += reversed(element)
        yield name, element


class Diagram:
    """One file being read; `problems` grows instead of the reading being broken off."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._ids = {str(element.get("id")) for element in root.iter() if element.get("id")}
        self._elements = list(_read_elements(root))
        self.by_id = {str(element.get("id")): element for element in self.elements() if element.get("id")}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.messages: dict[str, MessageDeclaration] = {}
        self.errors: dict[str, str | None] = {}  # id -> errorCode
        self.data_items: dict[str, DataItem] = {}  # by the id of the element or of a reference to it
        self.escalations: dict[str, str | None] = {}
        self.signals: dict[str, str] = {}  # id -> name
        self.event_definitions: dict[str, Element] = {}  # outside the processes, for events that refer to them

    def elements(self, *names: str) -> Iterator[Element]:
        """All elements that are read, in the order of the file; those of these short names where some are given."""
        return (element for name, element in self._elements if not names or name in names)

    def unused_id(self, wish: str) -> str:
        """An id nothing else in the file has; the same at every reading."""
        while wish in self._ids:
            wish += "_"
        self._ids.add(wish)
        return wish

    def problem(self, element: Element, code: str, msgid: str, advice: str = "", /, **params: object) -> Problem:
        owner = owner_of(element)
        identifier, name = owner.get("id") or tag(element), owner.get("name") or ""
        return Problem(identifier, name, line_of(element), code, msgid, params, advice)

    def refuse(self, element: Element, code: str, msgid: str, advice: str = "", /, **params: object) -> None:
        if len(self.problems) < MAX_TOLD:
            self.problems.append(self.problem(element, code, msgid, advice, **params))

    def warn(self, element: Element, code: str, msgid: str, **params: object) -> None:
        if len(self.warnings) < MAX_TOLD:
            self.warnings.append(self.problem(element, code, msgid, **params))

    def feel(self, element: Element, text: str, place: str) -> FeelText:
        """Compile an expression, with or without a leading `=`; what is not FEEL becomes a problem."""
        source = text.strip()
        try:
            if source.startswith(_JUEL):
                source = feel.translate_juel(source)
            source = source.removeprefix("=").strip()
            expression = feel.compile_expression(source, self._names)
        except feel.FeelSyntaxError as error:
            self.refuse(
                element,
                "feel_syntax",
                N_("%(place)s is not FEEL: %(detail)s"),
                place=place,
                detail=str(error),
                line=error.line,
                column=error.column,
            )
            expression = feel.compile_expression("null")
        except feel.UntranslatableExpression as error:
            self._refuse_juel(element, place, error.text)
            expression = feel.compile_expression("null")
        return FeelText(source, expression, owner_of(element).get("id") or "", place)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Names of data that FEEL can only read when it knows them."""
        return frozenset(item.name for item in self.data_items.values() if not item.name.isidentifier())

    def text_or_feel(self, element: Element, text: str | None, place: str) -> TextOrFeel | None:
        """A literal, or FEEL after `=` (or Camunda 7's `${…}`); None where nothing is written."""
        if text is None or not text.strip():
            return None
        text = text.strip()
        if is_expression(text):
            return self.feel(element, text, place)
        if has_juel(text):  # Camunda 7 puts values into the middle of a text
            self._refuse_juel(element, place, text)
        return Literal(text)

    def _refuse_juel(self, element: Element, place: str, text: str) -> None:
        self.refuse(element, "juel", N_("%(place)s: write “%(text)s” in FEEL."), place=place, text=text)

    def attribute_or_feel(self, element: Element, name: str) -> TextOrFeel | None:
        return self.text_or_feel(element, attribute(element, name), name)

    def reference(self, element: Element, name: str, declared: Mapping[str, object]) -> str | None:
        """The id an attribute refers to; a problem when nothing of that kind has it."""
        wanted = attribute(element, name)
        if wanted is None or wanted.rpartition(":")[2] in declared:
            return wanted.rpartition(":")[2] if wanted else None
        self.refuse(
            element,
            "unknown_reference",
            N_("%(attribute)s names “%(id)s”, which does not exist."),
            attribute=name,
            id=wanted,
        )
        return None
