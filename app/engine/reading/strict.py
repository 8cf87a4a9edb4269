"""Nothing is ignored in silence: every name in a diagram is known, or refused, or listed as without effect."""

from __future__ import annotations

from app.engine.reading.catalogue import CATALOGUE, attribute_rule, child_rule
from app.engine.reading.diagram import Diagram
from app.engine.reading.rules import Rule
from app.engine.reading.xml_names import STRICT, Element, is_drawing, is_foreign, short, tag
from app.i18n import N_


def check_names(diagram: Diagram) -> None:
    """Compare all elements and attributes with the catalogue."""
    root = diagram.root
    if tag(root) != "bpmn:definitions":
        diagram.refuse(root, "not_bpmn", N_("This is not a BPMN 2.0 file: it begins with %(name)s."), name=tag(root))
        return
    _check(diagram, root)


def _check(diagram: Diagram, element: Element) -> None:
    name = tag(element)
    rule = CATALOGUE[name]
    if rule.is_kept_whole:
        return
    _check_attributes(diagram, element, name)
    for inner in element:
        _check_child(diagram, inner, _owner(element, name))


def _owner(element: Element, name: str) -> str:
    """Extensions are judged by the element that they extend."""
    parent = element.getparent()
    return tag(parent) if name == "bpmn:extensionElements" and parent is not None else name


def _check_child(diagram: Diagram, element: Element, parent: str) -> None:
    raw = str(element.tag)
    if is_drawing(raw):
        return
    if is_foreign(raw):
        _warn_foreign(diagram, element, raw)
        return
    name = short(raw)
    rule = child_rule(parent, name)
    if rule.verdict == "refused":
        msgid = N_("%(name)s is not executed inside %(parent)s.")
        diagram.refuse(element, "element", msgid, rule.instead, name=name, parent=parent)
    elif name in CATALOGUE:
        _check(diagram, element)


def _check_attributes(diagram: Diagram, element: Element, name: str) -> None:
    for raw, value in element.attrib.items():
        attribute = short(str(raw))
        prefix = attribute.partition(":")[0] if ":" in attribute and not attribute.startswith("{") else ""
        if is_drawing(str(raw)) or attribute == "xsi:schemaLocation":
            continue
        if attribute.startswith("{") and prefix not in STRICT:
            _warn_foreign(diagram, element, attribute)
            continue
        _judge(diagram, element, attribute, str(value), attribute_rule(name, attribute))


def _judge(diagram: Diagram, element: Element, attribute: str, value: str, rule: Rule) -> None:
    if rule.verdict == "refused":
        msgid = N_("The attribute %(name)s is not executed on %(parent)s.")
        diagram.refuse(element, "attribute", msgid, rule.instead, name=attribute, parent=tag(element))
    elif rule.only and _plain(attribute, value) not in rule.only:
        msgid = N_("The attribute %(name)s is executed with %(allowed)s only, not with “%(value)s”.")
        allowed = ", ".join(rule.only)
        diagram.refuse(element, "value", msgid, rule.instead, name=attribute, allowed=allowed, value=value)


def _plain(attribute: str, value: str) -> str:
    """The value to compare; a type's prefix may be any."""
    value = value.strip()
    return value.rpartition(":")[2] if attribute == "xsi:type" else value


def _warn_foreign(diagram: Diagram, element: Element, name: str) -> None:
    namespace, _, local = name[1:].partition("}")
    msgid = N_("%(name)s of %(namespace)s is kept, but has no effect here.")
    diagram.warn(element, "foreign", msgid, name=local, namespace=namespace)
