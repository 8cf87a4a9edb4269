"""Texts that are taken as they are: an expression in them would be shown, or waited for, letter by letter."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.diagram import Diagram, attribute, has_juel
from app.engine.reading.xml_names import tag
from app.i18n import N_

# element -> an attribute that Camunda 7 evaluates, and what to do instead
_PLAIN: Mapping[str, tuple[str, str]] = {
    "bpmn:globalUserTask": ("name", N_("Write what changes into an aftercare:title.")),
    "bpmn:serviceTask": ("camunda:topic", N_("Write what changes into an input mapping.")),
    "bpmn:userTask": ("name", N_("Write what changes into an aftercare:title.")),
}


def check_plain_texts(diagram: Diagram) -> None:
    """Refuse `${...}` where it is no expression, and an equals sign in front of a topic."""
    for element in diagram.elements(*_PLAIN):
        name, advice = _PLAIN[tag(element)]
        text = attribute(element, name) or ""
        if has_juel(text) or (text.startswith("=") and not tag(element).endswith("serTask")):
            msgid = N_("%(attribute)s is a plain text: the expression in it is not evaluated.")
            diagram.refuse(element, "plain_text", msgid, advice, attribute=name)
