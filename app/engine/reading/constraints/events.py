"""Events: which kind may stand where, what it needs, and on what it may be put (BPMN 2.0.2, 10.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine.reading.constraints.drawn_level import (
    DrawnLevel,
    definitions_of,
    is_event_subprocess,
    levels,
)
from app.engine.reading.constraints.kinds import ACTIVITIES, EVENTS
from app.engine.reading.diagram import Diagram, attribute, children, is_true, local_id
from app.engine.reading.refusals import PLACES
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

# Which definitions an event may have, by where it stands (BPMN 2.0.2, table 10.93).
ALLOWED: Mapping[str, frozenset[str]] = {
    "process": frozenset({"conditional", "message", "signal", "timer"}),
    "subprocess": frozenset(),
    "event_subprocess": frozenset({"compensate", "conditional", "error", "escalation", "message", "signal", "timer"}),
    "bpmn:intermediateCatchEvent": frozenset({"conditional", "link", "message", "signal", "timer"}),
    "bpmn:intermediateThrowEvent": frozenset({"compensate", "escalation", "link", "message", "signal"}),
    "bpmn:endEvent": frozenset({"cancel", "compensate", "error", "escalation", "message", "signal", "terminate"}),
    "bpmn:boundaryEvent": frozenset(
        {"cancel", "compensate", "conditional", "error", "escalation", "message", "signal", "timer"}
    ),
}
_AWAITED = frozenset({"conditional", "message", "signal", "timer"})
ADVICE: Mapping[tuple[str, str], str] = {
    ("process", "compensate"): N_("Only an event subprocess begins by a compensation."),
    ("process", "error"): N_("Only an event subprocess begins by an error."),
    ("process", "escalation"): N_("Only an event subprocess begins by an escalation."),
    ("subprocess", "any"): N_("A subprocess in the flow starts with a none start event. Remove the event definition."),
}


def check_events(diagram: Diagram) -> None:
    """Check all events of all levels."""
    for level in levels(diagram):
        for event in level.of(*EVENTS):
            _check_kind(diagram, level, event)
        for event in level.of("bpmn:boundaryEvent"):
            _check_boundary(diagram, level, event)
        _check_starts(diagram, level)


def kinds_of(diagram: Diagram, event: Element) -> Iterator[tuple[Element, str]]:
    """The definitions of an event with their kind, such as `timer`; those referred to as well."""
    for entry in definitions_of(event):
        yield entry, tag(meant_by(diagram, entry)).removeprefix("bpmn:").removesuffix("EventDefinition")


def meant_by(diagram: Diagram, entry: Element) -> Element:
    """The event definition itself, also where an event only refers to it."""
    if tag(entry) == "bpmn:eventDefinitionRef":
        return diagram.by_id[local_id("".join(map(str, entry.itertext())).strip())]
    return entry


def _place(level: DrawnLevel, event: Element) -> str:
    if tag(event) != "bpmn:startEvent":
        return tag(event)
    if tag(level.element) == "bpmn:process":
        return "process"
    return "event_subprocess" if is_event_subprocess(level.element) else "subprocess"


def _check_kind(diagram: Diagram, level: DrawnLevel, event: Element) -> None:
    place = _place(level, event)
    found = list(kinds_of(diagram, event))
    for entry, kind in found:
        if kind not in ALLOWED[place]:
            advice = PLACES.get((tag(event), f"bpmn:{kind}EventDefinition"), "")
            advice = advice or ADVICE.get((place, kind)) or ADVICE.get((place, "any"), "")
            msgid = N_("An event of this place cannot be of the kind %(kind)s.")
            diagram.refuse(entry, "event_place", msgid, advice, kind=kind)
        elif kind == "cancel":
            _check_cancel(diagram, level, event, entry)
    if not found and place in {"bpmn:intermediateCatchEvent", "bpmn:boundaryEvent", "event_subprocess"}:
        msgid = N_("This event waits for nothing. Give it an event definition.")
        diagram.refuse(event, "no_event_definition", msgid)
    if is_true(event, "parallelMultiple") and len(found) < 2:
        msgid = N_("An event that waits for several things has several event definitions. Remove parallelMultiple.")
        diagram.refuse(event, "parallel_multiple", msgid)
    elif is_true(event, "parallelMultiple") and any(kind not in _AWAITED for _entry, kind in found):
        msgid = N_("Only messages, timers, signals and conditions can be awaited together. Remove the others.")
        diagram.refuse(event, "parallel_multiple", msgid)
    if len(found) > 1 and any(kind in {"link", "compensate", "cancel", "terminate"} for _entry, kind in found):
        msgid = N_("Links, compensation, cancel and terminate stand alone in an event. Draw an event for each.")
        diagram.refuse(event, "multiple_event", msgid)


def _check_cancel(diagram: Diagram, level: DrawnLevel, event: Element, entry: Element) -> None:
    """BPMN 2.0.2, 10.5.1: cancel events belong to transactions."""
    if tag(event) == "bpmn:endEvent" and tag(level.element) != "bpmn:transaction":
        diagram.refuse(entry, "cancel_place", N_("Only an end event in a transaction cancels it."))
    host = level.nodes.get(attribute(event, "attachedToRef") or "")
    if host is not None and tag(host) != "bpmn:transaction":
        diagram.refuse(entry, "cancel_place", N_("A cancel event stands on the boundary of a transaction only."))


def _check_boundary(diagram: Diagram, level: DrawnLevel, event: Element) -> None:
    identifier = attribute(event, "attachedToRef") or ""
    host = level.nodes.get(identifier)
    if host is None or tag(host) not in ACTIVITIES or is_event_subprocess(host):
        msgid = N_("attachedToRef names “%(id)s”, which is no activity of the same level.")
        diagram.refuse(event, "boundary_host", msgid, id=identifier)
    if is_true(event, "cancelActivity", default=True):
        return
    kinds = {kind for _entry, kind in kinds_of(diagram, event)}
    if "error" in kinds:
        msgid = N_("An error event always interrupts. Remove cancelActivity, or use an escalation.")
        diagram.refuse(event, "error_not_interrupting", msgid)
    elif kinds & {"cancel"}:
        msgid = N_("A cancel event always interrupts. Remove cancelActivity.")
        diagram.refuse(event, "cancel_not_interrupting", msgid)


def _check_starts(diagram: Diagram, level: DrawnLevel) -> None:
    """At most one start by hand; a subprocess has exactly one start (BPMN 2.0.2, 10.5.2)."""
    starts = level.of("bpmn:startEvent")
    is_process = tag(level.element) == "bpmn:process"
    counted = [event for event in starts if not is_process or not definitions_of(event)]
    for event in counted[1:]:
        if is_process:
            msgid = N_("The process has several none start events. Keep one, or give the others an event.")
            diagram.refuse(event, "several_starts", msgid)
        else:
            msgid = N_("A subprocess has one start event. Keep one.")
            diagram.refuse(event, "several_starts", msgid)
    if is_event_subprocess(level.element):
        _check_event_subprocess(diagram, level, starts)
    elif tag(level.element) == "bpmn:adHocSubProcess":
        for event in (*starts, *level.of("bpmn:endEvent")):
            msgid = N_("An ad-hoc subprocess has no start and end events. Remove it.")
            diagram.refuse(event, "ad_hoc_event", msgid)
    for event in starts:
        if not is_event_subprocess(level.element) and not is_true(event, "isInterrupting", default=True):
            msgid = N_("Only the start event of an event subprocess can go beside. Remove isInterrupting.")
            diagram.refuse(event, "not_interrupting_place", msgid)
        if (not is_process and _has_form(event)) or (_has_form(event) and definitions_of(event)):
            msgid = N_("Only the none start event of a process has a form. Remove it.")
            diagram.refuse(event, "start_form", msgid)
        if not is_process and attribute(event, "camunda:initiator"):
            msgid = N_("Only a start event of a process has an initiator. Remove it.")
            diagram.refuse(event, "initiator", msgid)


def _has_form(event: Element) -> bool:
    return bool(attribute(event, "camunda:formKey") or attribute(event, "camunda:formRef"))


def _check_event_subprocess(diagram: Diagram, level: DrawnLevel, starts: list[Element]) -> None:
    if not starts:
        msgid = N_("An event subprocess has one start event, with an event definition. Draw it.")
        diagram.refuse(level.element, "event_subprocess_start", msgid)
    for event in starts:
        kinds = {kind for _entry, kind in kinds_of(diagram, event)}
        if kinds & {"error", "compensate"} and not is_true(event, "isInterrupting", default=True):
            msgid = N_("Errors and compensation always interrupt. Remove isInterrupting.")
            diagram.refuse(event, "error_not_interrupting", msgid)
    if children(level.element, "bpmn:multiInstanceLoopCharacteristics", "bpmn:standardLoopCharacteristics"):
        msgid = N_("An event subprocess has no loop marker: it begins as often as its event happens.")
        diagram.refuse(level.element, "event_subprocess_loop", msgid)
    if any(attribute(level.element, name) not in {None, "1"} for name in ("startQuantity", "completionQuantity")):
        msgid = N_("No tokens come to an event subprocess or leave it. Remove startQuantity and completionQuantity.")
        diagram.refuse(level.element, "event_subprocess_quantity", msgid)
