"""What stands in bpmn:extensionElements: mappings, properties, translations."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.elements.activity import Mapped
from app.engine.elements.call_activity import Passed, PassedVariable
from app.engine.expressions import Literal, TextOrFeel
from app.engine.reading.diagram import Diagram, attribute, child, children, extension, is_true, text_of
from app.engine.reading.xml_names import Element
from app.i18n import N_

_EMPTY = Literal("")
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
    script = child(parameter, "camunda:script")
    if script is not None:
        if (attribute(script, "scriptFormat") or "").lower() not in _FEEL_FORMATS:
            diagram.refuse(script, "script_format", N_("Only scripts in FEEL are executed: set scriptFormat to feel."))
        return Mapped(name, diagram.feel(script, text_of(script), name))
    return Mapped(name, diagram.text_or_feel(parameter, text_of(parameter), name) or _EMPTY)


def passing(element: Element, name: str) -> list[Element]:
    """The camunda:in or camunda:out elements of an element."""
    extensions = child(element, "bpmn:extensionElements")
    return children(extensions, name) if extensions is not None else []


def passed(diagram: Diagram, element: Element, name: str) -> Passed:
    """What the camunda:in or camunda:out elements hand over."""
    entries = passing(element, name)
    whole = [is_true(entry, "local") for entry in entries if attribute(entry, "variables") == "all"]
    mapped = [_passed(diagram, entry) for entry in entries if not _is_whole(entry)]
    return Passed(False in whole, True in whole, tuple(one for one in mapped if one is not None))


def _is_whole(entry: Element) -> bool:
    """`variables="all"` and `businessKey`: a called process shares the case, and so its business key, anyway."""
    return attribute(entry, "variables") is not None or attribute(entry, "businessKey") is not None


def _passed(diagram: Diagram, entry: Element) -> PassedVariable | None:
    target, source = attribute(entry, "target"), attribute(entry, "source")
    expression = attribute(entry, "sourceExpression")
    if not target or (source is None) == (expression is None):
        msgid = N_("Write a target and either a source or a sourceExpression.")
        diagram.refuse(entry, "call_mapping", msgid)
        return None
    value: TextOrFeel = diagram.feel(entry, expression or source or "null", "camunda:in, camunda:out")
    return PassedVariable(target, value, is_true(entry, "local"))


def correlation_key(diagram: Diagram, element: Element) -> TextOrFeel | None:
    """The camunda:property called correlationKey."""
    holder = extension(element, "camunda:properties")
    for entry in children(holder, "camunda:property") if holder is not None else ():
        if attribute(entry, "name") == "correlationKey":
            return diagram.text_or_feel(entry, attribute(entry, "value"), "correlationKey")
    return None


def translations(element: Element) -> Iterator[tuple[str, str]]:
    """Locale and name of each aftercare:translation."""
    holder = extension(element, "aftercare:translations")
    for entry in children(holder, "aftercare:translation") if holder is not None else ():
        yield attribute(entry, "locale") or "", attribute(entry, "name") or ""
