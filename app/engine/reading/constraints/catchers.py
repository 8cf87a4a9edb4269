"""What is caught at one place is caught once: a second catcher would never be reached, or nobody could say which."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.reading.constraints.drawn_level import DrawnLevel, has_definition, is_event_subprocess, levels
from app.engine.reading.constraints.events import kinds_of, meant_by
from app.engine.reading.diagram import Diagram, attribute, children, extension, local_id
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_CODES = {"error": "errorCode", "escalation": "escalationCode"}
_TWICE = {
    "error": N_("This error is caught here by another event already, and only one of the two could do it. Keep one."),
    "escalation": N_(
        "This escalation is caught here by another event already, and only one of the two could do it. Keep one."
    ),
    "message": N_(
        "This message is awaited here by something else already: when it comes, nobody can say for which of the two."
        " Keep one, or use a message for each."
    ),
    "compensate": N_(
        "What is done here is undone in another way already, and only one of the two could do it. Keep one."
    ),
}


def check_catchers(diagram: Diagram) -> None:
    """What is thrown goes to one catcher (BPMN 2.0.2, 10.5.7), and one handler undoes an activity (10.7.1)."""
    for level in levels(diagram):
        for place in _places(level):
            _check_place(diagram, place)


def _places(level: DrawnLevel) -> Iterator[list[Element]]:
    """The elements that catch at the same place: for one scope, for one activity, or behind one gateway."""
    yield [start for inner in level.of("bpmn:subProcess") for start in _start_of(inner)]
    boundary = level.of("bpmn:boundaryEvent")
    for identifier, node in level.nodes.items():
        hosted = [event for event in boundary if attribute(event, "attachedToRef") == identifier]
        if hosted:
            awaiting = [node] if tag(node) == "bpmn:receiveTask" else []
            yield [*awaiting, *hosted, *_undoing_inside(node)]
        if tag(node) == "bpmn:eventBasedGateway":
            yield [level.target(flow) for flow in level.flows_out_of(node)]


def _start_of(inner: Element) -> list[Element]:
    """The start of an event subprocess, which has one."""
    return children(inner, "bpmn:startEvent")[:1] if is_event_subprocess(inner) else []


def _undoing_inside(node: Element) -> list[Element]:
    """What would undo a subprocess from the inside; that there is only one is asked on its own level."""
    starts = [start for inner in children(node, "bpmn:subProcess") for start in _start_of(inner)]
    return [start for start in starts if has_definition(start, "compensate")][:1]


def _check_place(diagram: Diagram, place: list[Element]) -> None:
    seen: set[tuple[str, str, str]] = set()
    for element in place:
        for definition, kind in kinds_of(diagram, element):
            _note(diagram, seen, element, meant_by(diagram, definition), kind)
        if tag(element) == "bpmn:receiveTask":
            _note(diagram, seen, element, element, "message")


def _note(diagram: Diagram, seen: set[tuple[str, str, str]], element: Element, named: Element, kind: str) -> None:
    if kind not in _TWICE:
        return
    referred = diagram.by_id.get(local_id(attribute(named, f"{kind}Ref") or ""))
    if kind == "compensate" or referred is None:
        what = ""
    else:
        what = (attribute(referred, _CODES[kind]) if kind in _CODES else referred.get("id")) or ""
    caught = (kind, what, _correlation_key(element) if kind == "message" else "")
    if caught in seen:
        diagram.refuse(element, "caught_twice", _TWICE[kind])
    seen.add(caught)


def _correlation_key(element: Element) -> str:
    """What an element itself says about the one it waits for."""
    holder = extension(element, "camunda:properties")
    entries = [] if holder is None else children(holder, "camunda:property")
    return next((attribute(one, "value") or "" for one in entries if attribute(one, "name") == "correlationKey"), "")
