"""Reading event definitions: what an event waits for or throws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from app.engine.events.cancel import CancelEvent
from app.engine.events.compensation import CompensateEvent
from app.engine.events.conditional import ALL_CHANGES, ConditionalEvent, VariableEvent
from app.engine.events.cron import parse_cron
from app.engine.events.error import ErrorEvent
from app.engine.events.escalation import EscalationEvent
from app.engine.events.link import LinkEvent
from app.engine.events.message import MessageEvent
from app.engine.events.signal import SignalEvent
from app.engine.events.terminate import TerminateEvent
from app.engine.events.timer import TimerEvent, TimerKind, parse_cycle
from app.engine.expressions import Literal, Value
from app.engine.moments import iso_date, iso_duration
from app.engine.reading.diagram import attribute, child, is_true, text_of
from app.engine.reading.extensions import correlation_key, mappings, passed, passing
from app.engine.reading.level import Level
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

AnyEvent = (
    CancelEvent
    | CompensateEvent
    | ConditionalEvent
    | ErrorEvent
    | EscalationEvent
    | LinkEvent
    | MessageEvent
    | SignalEvent
    | TerminateEvent
    | TimerEvent
)
_ENDS_SCOPE = (ErrorEvent, TerminateEvent)
_HAS_PAYLOAD = (MessageEvent, SignalEvent)
_THROWERS = ("bpmn:endEvent", "bpmn:intermediateThrowEvent")
_TIMER_KINDS: dict[str, TimerKind] = {
    "bpmn:timeDate": "timeDate",
    "bpmn:timeDuration": "timeDuration",
    "bpmn:timeCycle": "timeCycle",
}
_EXAMPLES: dict[TimerKind, str] = {"timeDate": "2030-12-31T08:00:00", "timeDuration": "P2DT4H", "timeCycle": "R3/PT10M"}
# No expression begins so, unless a variable has the name of a duration: that one is written after an equals sign.
_MEANT_AS_TIME = re.compile(r"R-?\d*/\S*|-?PT?\d[\dA-Z.,/:+-]*|\d{4}-\d\d-\S*", re.ASCII)


def events_of(level: Level, element: Element) -> tuple[AnyEvent, ...]:
    """The event definitions of an event, those it refers to among them; what ends the scope around is last.

    None of them for a none event or where all were refused.
    """
    events = [_READERS[tag(entry)](level, element, entry) for entry in _definitions(level, element)]
    _check_mapping(level, element, events)
    found = [event for event in events if event is not None]
    return tuple(sorted(found, key=lambda event: isinstance(event, _ENDS_SCOPE)))


def _definitions(level: Level, element: Element) -> Iterator[Element]:
    for entry in element:
        if tag(entry).endswith("EventDefinition"):
            yield entry
        elif tag(entry) == "bpmn:eventDefinitionRef":
            definition = _at_the_root(level, element, text_of(entry), "eventDefinitionRef")
            if definition is not None:
                yield definition


def _at_the_root(level: Level, element: Element, identifier: str, place: str) -> Element | None:
    """A definition that several elements may refer to."""
    definition = level.diagram.event_definitions.get(identifier.rpartition(":")[2])
    if definition is None:
        msgid = N_("%(place)s names “%(id)s”, which stands inside a process. Move it to the top.")
        level.diagram.refuse(element, "wrong_reference", msgid, id=identifier, place=place)
    return definition


def event_named_by(level: Level, element: Element, place: str) -> AnyEvent | None:
    """The event definition that an attribute of `element` refers to; None without the attribute."""
    identifier = attribute(element, place)
    definition = _at_the_root(level, element, identifier, place) if identifier else None
    return None if definition is None else _READERS[tag(definition)](level, element, definition)


def _check_mapping(level: Level, element: Element, events: Sequence[AnyEvent | None]) -> None:
    """Of all events only a thrown message or signal does something with a mapping: its inputs are the payload."""
    has_payload = any(isinstance(event, _HAS_PAYLOAD) for event in events)
    if (mappings(level.diagram, element, "input") and not has_payload) or mappings(level.diagram, element, "output"):
        msgid = N_(
            "Only the inputs of a thrown message or signal are executed: they are its payload. Remove the mapping."
        )
        level.diagram.refuse(element, "event_mapping", msgid)


def payload(level: Level, element: Element) -> tuple[tuple[str, Value], ...]:
    """What a thrown message carries: the input mapping of the element that throws it."""
    return tuple((mapped.name, mapped.source) for mapped in mappings(level.diagram, element, "input"))


def message_named_by(
    level: Level, element: Element, holder: Element, carried: tuple[tuple[str, Value], ...]
) -> MessageEvent | None:
    """The message that `holder`'s messageRef names; a correlation key at the element itself comes first."""
    diagram = level.diagram
    identifier = diagram.reference(holder, "messageRef", diagram.messages)
    if identifier is None:
        if attribute(holder, "messageRef") is None:
            diagram.refuse(element, "no_message", N_("Say which message: set messageRef."))
        return None
    message = diagram.messages[identifier]
    return MessageEvent(message.name, correlation_key(diagram, element) or message.correlation_key, carried)


def _message(level: Level, element: Element, definition: Element) -> MessageEvent | None:
    return message_named_by(level, element, definition, payload(level, element))


def _timer(level: Level, element: Element, definition: Element) -> TimerEvent | None:
    entries = [entry for entry in definition if tag(entry) in _TIMER_KINDS]
    text = level.diagram.text_or_feel(entries[0], text_of(entries[0]), tag(entries[0])) if len(entries) == 1 else None
    if text is None:
        msgid = N_("Say when: exactly one timeDate, timeDuration or timeCycle.")
        level.diagram.refuse(element, "timer", msgid)
        return None
    kind = _TIMER_KINDS[tag(entries[0])]
    if isinstance(text, Literal) and not _is_time(kind, text.value):
        if _MEANT_AS_TIME.fullmatch(text.value):
            msgid = N_("“%(value)s” is no %(kind)s. Write one of ISO 8601 such as %(example)s, or FEEL.")
            example = _EXAMPLES[kind]
            level.diagram.refuse(element, "timer", msgid, value=text.value, kind=kind, example=example)
            return None
        # Not ISO 8601: then it must be FEEL, with or without the equals sign.
        text = level.diagram.feel(entries[0], text.value, tag(entries[0]))
    return TimerEvent(kind, text)


def _is_time(kind: TimerKind, text: str) -> bool:
    if kind == "timeCycle":
        cycle = parse_cycle(text)
        return parse_cron(text) is not None if cycle is None else cycle.can_repeat
    return (iso_duration(text) if kind == "timeDuration" else iso_date(text)) is not None


def _error(level: Level, element: Element, definition: Element) -> ErrorEvent | None:
    del element
    diagram = level.diagram
    identifier = diagram.reference(definition, "errorRef", diagram.errors)
    return ErrorEvent(
        diagram.errors[identifier] if identifier else None,
        attribute(definition, "camunda:errorCodeVariable"),
        attribute(definition, "camunda:errorMessageVariable"),
    )


def _escalation(level: Level, element: Element, definition: Element) -> EscalationEvent | None:
    del element
    diagram = level.diagram
    identifier = diagram.reference(definition, "escalationRef", diagram.escalations)
    code = diagram.escalations[identifier] if identifier else None
    return EscalationEvent(code, attribute(definition, "camunda:escalationCodeVariable"))


def _compensate(level: Level, element: Element, definition: Element) -> CompensateEvent:
    del level, element
    return CompensateEvent(
        attribute(definition, "activityRef") or None, is_true(definition, "waitForCompletion", default=True)
    )


def _cancel(level: Level, element: Element, definition: Element) -> CancelEvent:
    del level, element, definition
    return CancelEvent()


def _signal(level: Level, element: Element, definition: Element) -> SignalEvent | None:
    diagram = level.diagram
    identifier = diagram.reference(definition, "signalRef", diagram.signals)
    if identifier is None:
        if attribute(definition, "signalRef") is None:
            diagram.refuse(element, "no_signal", N_("Say which signal: set signalRef."))
        return None
    entries = passing(definition, "camunda:in")
    if entries and tag(element) not in _THROWERS:
        diagram.refuse(element, "signal_payload", N_("Only a thrown signal has a payload. Remove camunda:in."))
    for entry in entries:
        if attribute(entry, "businessKey") is not None or attribute(entry, "local") is not None:
            msgid = N_("A signal carries variables the thrower sees. Remove businessKey and local.")
            diagram.refuse(entry, "signal_payload", msgid)
    sent = passed(diagram, definition, "camunda:in")
    inside = tuple((one.name, one.source) for one in sent.mapped)
    return SignalEvent(diagram.signals[identifier], (*inside, *payload(level, element)), sent.is_all)


def _conditional(level: Level, element: Element, definition: Element) -> ConditionalEvent | None:
    text = text_of(child(definition, "bpmn:condition"))
    if not text:
        msgid = N_("Say what the event waits for: write a condition.")
        level.diagram.refuse(element, "no_condition", msgid)
        return None
    condition = level.diagram.feel(element, text, "condition")
    name = attribute(definition, "camunda:variableName") or None
    return ConditionalEvent(condition, name, _variable_events(level, element, definition))


def _variable_events(level: Level, element: Element, definition: Element) -> frozenset[VariableEvent]:
    wanted = frozenset(filter(None, map(str.strip, (attribute(definition, "camunda:variableEvents") or "").split(","))))
    known = frozenset(kind for kind in get_args(VariableEvent) if kind in wanted)
    if wanted - known:
        msgid = N_("camunda:variableEvents may name create, update and delete only.")
        level.diagram.refuse(element, "variable_events", msgid)
    return known or ALL_CHANGES


def _link(level: Level, element: Element, definition: Element) -> LinkEvent:
    del level, element
    return LinkEvent(attribute(definition, "name") or "")


def _terminate(level: Level, element: Element, definition: Element) -> TerminateEvent:
    del level, element, definition
    return TerminateEvent()


_READERS: dict[str, Callable[[Level, Element, Element], AnyEvent | None]] = {
    "bpmn:cancelEventDefinition": _cancel,
    "bpmn:compensateEventDefinition": _compensate,
    "bpmn:messageEventDefinition": _message,
    "bpmn:timerEventDefinition": _timer,
    "bpmn:signalEventDefinition": _signal,
    "bpmn:conditionalEventDefinition": _conditional,
    "bpmn:linkEventDefinition": _link,
    "bpmn:errorEventDefinition": _error,
    "bpmn:escalationEventDefinition": _escalation,
    "bpmn:terminateEventDefinition": _terminate,
}
