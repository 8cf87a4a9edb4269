"""What stands in bpmn:extensionElements: mappings, properties, translations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.engine.elements.activity import Mapped
from app.engine.elements.call_activity import Passed, PassedVariable
from app.engine.expressions import ListOf, MapOf, TextOrFeel, Value
from app.engine.reading.diagram import Diagram, attribute, child, children, extension, is_true, owner_of, text_of
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_PARTS = ("source", "sourceExpression", "target")
_FEEL_FORMATS = frozenset({"feel"})


def mappings(diagram: Diagram, element: Element, direction: str, *, inside: bool = False) -> tuple[Mapped, ...]:
    """The camunda:inputParameter or camunda:outputParameter elements; `direction` is "input" or "output".

    inside: the mapping stands directly in `element`, as in a camunda:connector.
    """
    holder = child(element, "camunda:inputOutput") if inside else extension(element, "camunda:inputOutput")
    if holder is None:
        return ()
    return tuple(_mapped(diagram, parameter) for parameter in children(holder, f"camunda:{direction}Parameter"))


def _mapped(diagram: Diagram, parameter: Element) -> Mapped:
    name = attribute(parameter, "name") or ""
    if not name:
        diagram.refuse(parameter, "missing_attribute", N_("A mapping has no name."))
    return Mapped(name, _value(diagram, parameter, name))


def _value(diagram: Diagram, holder: Element, place: str) -> Value:
    """What a parameter, an item or an entry holds: a text, FEEL, a list or map of such; empty is null (Camunda 7)."""
    inner = children(holder, *_VALUES)
    if not inner:
        return diagram.text_or_feel(holder, text_of(holder), place) or diagram.feel(holder, "null", place)
    if len(inner) > 1 or (holder.text or "").strip():
        diagram.refuse(holder, "mapping", N_("%(place)s has several values. Write one of them."), place=place)
    return _VALUES[tag(inner[0])](diagram, inner[0], place)


def _script(diagram: Diagram, script: Element, place: str) -> Value:
    if (attribute(script, "scriptFormat") or "").lower() not in _FEEL_FORMATS:
        diagram.refuse(script, "script_format", N_("Only scripts in FEEL are executed: set scriptFormat to feel."))
    return diagram.feel(script, text_of(script), place)


def _list(diagram: Diagram, holder: Element, place: str) -> Value:
    items = (
        _value(diagram, item, place) if tag(item) == "camunda:value" else _VALUES[tag(item)](diagram, item, place)
        for item in children(holder, "camunda:value", *_VALUES)
    )
    return ListOf(tuple(items), owner_of(holder).get("id") or "")


def _map(diagram: Diagram, holder: Element, place: str) -> Value:
    entries: dict[str, Value] = {}
    for entry in children(holder, "camunda:entry"):
        key = attribute(entry, "key") or ""
        if not key or key in entries:
            diagram.refuse(entry, "mapping", N_("Each entry of a map has a key of its own. Write it."))
        entries[key] = _value(diagram, entry, place)
    return MapOf(tuple(entries.items()), owner_of(holder).get("id") or "")


_VALUES: dict[str, Callable[[Diagram, Element, str], Value]] = {
    "camunda:list": _list,
    "camunda:map": _map,
    "camunda:script": _script,
}


def passing(element: Element, name: str) -> list[Element]:
    """The camunda:in or camunda:out elements of an element."""
    extensions = child(element, "bpmn:extensionElements")
    return children(extensions, name) if extensions is not None else []


def passed(diagram: Diagram, element: Element, name: str) -> Passed:
    """What the camunda:in or camunda:out elements hand over."""
    entries = passing(element, name)
    for entry in entries:
        if _is_whole(entry) and any(attribute(entry, part) is not None for part in _PARTS):
            msgid = N_("It hands over everything or one thing. Write two elements.")
            diagram.refuse(entry, "call_mapping", msgid)
    whole = [is_true(entry, "local") for entry in entries if attribute(entry, "variables") == "all"]
    mapped = [_passed(diagram, entry) for entry in entries if not _is_whole(entry)]
    return Passed(False in whole, True in whole, tuple(one for one in mapped if one is not None))


def _is_whole(entry: Element) -> bool:
    """`variables="all"` and `businessKey`: a called process shares the case, and so its business key, anyway."""
    return attribute(entry, "variables") is not None or attribute(entry, "businessKey") is not None


def _passed(diagram: Diagram, entry: Element) -> PassedVariable | None:
    source, expression, target = (attribute(entry, part) for part in _PARTS)
    if not target or (source is None) == (expression is None) or not (source or expression):
        msgid = N_("Write a target and either a source or a sourceExpression.")
        diagram.refuse(entry, "call_mapping", msgid)
        return None
    value: TextOrFeel = diagram.feel(entry, expression or source or "", "camunda:in, camunda:out")
    return PassedVariable(target, value, is_true(entry, "local"))


def correlation_key(diagram: Diagram, element: Element) -> TextOrFeel | None:
    """The camunda:property called correlationKey."""
    holder = extension(element, "camunda:properties")
    for entry in children(holder, "camunda:property") if holder is not None else ():
        if attribute(entry, "name") == "correlationKey":
            return diagram.text_or_feel(entry, attribute(entry, "value"), "correlationKey")
    return None


def title_of(diagram: Diagram, element: Element) -> TextOrFeel | None:
    """The aftercare:title of a process or a user task."""
    title = extension(element, "aftercare:title")
    return None if title is None else diagram.attribute_or_feel(title, "value")


def translations(element: Element) -> Iterator[tuple[str, str]]:
    """Locale and name of each aftercare:translation."""
    holder = extension(element, "aftercare:translations")
    if holder is None and tag(element) == "aftercare:clock":  # an extension itself
        holder = child(element, "aftercare:translations")
    for entry in children(holder, "aftercare:translation") if holder is not None else ():
        yield attribute(entry, "locale") or "", attribute(entry, "name") or ""
