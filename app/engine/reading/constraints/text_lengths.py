"""How long ids and names may be: what is kept of a case has room for so many characters."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.diagram import Diagram
from app.engine.reading.xml_names import short, tag
from app.i18n import N_

_LONGEST: Mapping[str, int] = {
    "id": 200,
    "name": 300,
    "camunda:decisionRef": 200,
    "camunda:formKey": 200,
    "camunda:formRef": 200,
    "camunda:topic": 200,
}
# Of these elements it is less.
_LONGEST_OF: Mapping[tuple[str, str], int] = {
    ("aftercare:clock", "id"): 100,
    ("bpmn:dataStore", "name"): 200,
    ("bpmn:lane", "name"): 200,
    ("bpmn:message", "name"): 200,
    ("bpmn:process", "id"): 100,
    ("bpmn:process", "name"): 200,
    ("bpmn:signal", "name"): 200,
}


def check_text_lengths(diagram: Diagram) -> None:
    """Refuse what would only be found too long when a case comes to it."""
    for element in diagram.elements():
        for raw, value in element.attrib.items():
            name = short(str(raw))
            limit = _LONGEST_OF.get((tag(element), name), _LONGEST.get(name))
            if limit is not None and len(str(value)) > limit:
                msgid = N_("%(name)s has more than %(limit)s characters. Shorten it; long texts go into documentation.")
                diagram.refuse(element, "too_long", msgid, name=name, limit=limit)
