"""Links: each jump arrives at exactly one place of its level (BPMN 2.0.2, 10.5.5)."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import DrawnLevel, levels
from app.engine.reading.diagram import Diagram, attribute, child, children, is_true, local_id, text_of
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_LINK = "bpmn:linkEventDefinition"


def check_links(diagram: Diagram) -> None:
    """Check the links of each level by their names."""
    for level in levels(diagram):
        throwing, catching = (_by_name(level, f"bpmn:intermediate{kind}Event") for kind in ("Throw", "Catch"))
        for name, events in catching.items():
            for event in events[1:]:
                msgid = N_("Two links arrive under the name “%(name)s”. Give each a name of its own.")
                diagram.refuse(event, "link", msgid, name=name)
            if name not in throwing:
                msgid = N_("No link of this level jumps to “%(name)s”. Draw one, or use a sequence flow.")
                diagram.refuse(events[0], "link", msgid, name=name)
        for name, events in throwing.items():
            for event in events:
                _check_throwing(diagram, event, name, is_caught=name in catching)
        for events in (*throwing.values(), *catching.values()):
            for event in events:
                _check_names(diagram, event)


def _by_name(level: DrawnLevel, kind: str) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for event in level.of(kind):
        definition = child(event, _LINK)
        if definition is not None:
            found.setdefault(attribute(definition, "name") or "", []).append(event)
    return found


def _check_throwing(diagram: Diagram, event: Element, name: str, *, is_caught: bool) -> None:
    if not is_caught:
        msgid = N_("Nothing of this level catches the link “%(name)s”. Draw a catching link event of that name.")
        diagram.refuse(event, "link", msgid, name=name)
    if is_true(event, "camunda:asyncAfter"):
        msgid = N_("A jump ends in no transaction of its own. Set asyncBefore where it arrives.")
        diagram.refuse(event, "link", msgid)


def _check_names(diagram: Diagram, event: Element) -> None:
    """A name, and the same one where source or target name the other end as well."""
    for definition in children(event, _LINK):
        name = attribute(definition, "name")
        if not name:
            diagram.refuse(event, "link", N_("The link has no name. Give both ends the same."))
        for end in children(definition, "bpmn:source", "bpmn:target"):
            other = diagram.by_id[local_id(text_of(end))]
            link = other if tag(other) == _LINK else child(other, _LINK)
            if link is None or attribute(link, "name") != name:
                msgid = N_("%(place)s names a link of another name. Give both ends the same name.")
                diagram.refuse(event, "link", msgid, place=tag(end))
