"""Reading event definitions: what an event waits for or throws."""

from __future__ import annotations

from collections.abc import Callable

from app.engine.events.cancel import CancelEvent
from app.engine.events.compensation import CompensateEvent
from app.engine.events.error import ErrorEvent
from app.engine.events.escalation import EscalationEvent
from app.engine.events.message import MessageEvent
from app.engine.events.terminate import TerminateEvent
from app.engine.events.timer import TimerEvent, TimerKind, parse_cycle
from app.engine.expressions import Literal, TextOrFeel
from app.engine.reading.diagram import attribute, is_true, text_of
from app.engine.reading.extensions import correlation_key, mappings
from app.engine.reading.level import Level
from app.engine.reading.xml_names import Element, tag
from app.feel.values.dates import parse_date
from app.feel.values.durations import parse_duration
from app.feel.values.moments import parse_date_time
from app.i18n import N_

AnyEvent = CancelEvent | CompensateEvent | MessageEvent | TimerEvent | ErrorEvent | EscalationEvent | TerminateEvent
_TIMER_KINDS: dict[str, TimerKind] = {
    "bpmn:timeDate": "timeDate",
    "bpmn:timeDuration": "timeDuration",
    "bpmn:timeCycle": "timeCycle",
}


def event_of(level: Level, element: Element) -> AnyEvent | None:
    """The one event definition of an event; None for a none event or where it was refused."""
    definitions = [entry for entry in element if tag(entry).endswith("EventDefinition")]
    if len(definitions) > 1:
        msgid = N_("An event with several definitions is not executed. Draw an event for each.")
        level.diagram.refuse(element, "multiple_event", msgid)
        return None
    event = _READERS[tag(definitions[0])](level, element, definitions[0]) if definitions else None
    _check_mapping(level, element, event)
    return event


def _check_mapping(level: Level, element: Element, event: AnyEvent | None) -> None:
    """Of all events only a thrown message does something with a mapping: its inputs are the payload."""
    is_message = isinstance(event, MessageEvent)
    if (mappings(level.diagram, element, "input") and not is_message) or mappings(level.diagram, element, "output"):
        msgid = N_("Only the inputs of a thrown message are executed: they are its payload. Remove the mapping.")
        level.diagram.refuse(element, "event_mapping", msgid)


def payload(level: Level, element: Element) -> tuple[tuple[str, TextOrFeel], ...]:
    """What a thrown message carries: the input mapping of the element that throws it."""
    return tuple((mapped.name, mapped.source) for mapped in mappings(level.diagram, element, "input"))


def message_named_by(
    level: Level, element: Element, holder: Element, carried: tuple[tuple[str, TextOrFeel], ...]
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
        # Not ISO 8601: then it must be FEEL, with or without the equals sign.
        text = level.diagram.feel(entries[0], text.value, tag(entries[0]))
    return TimerEvent(kind, text)


def _is_time(kind: TimerKind, text: str) -> bool:
    if kind == "timeCycle":
        return parse_cycle(text) is not None
    if kind == "timeDuration":
        return parse_duration(text) is not None
    return parse_date(text) is not None or parse_date_time(text) is not None


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


def _terminate(level: Level, element: Element, definition: Element) -> TerminateEvent:
    del level, element, definition
    return TerminateEvent()


_READERS: dict[str, Callable[[Level, Element, Element], AnyEvent | None]] = {
    "bpmn:cancelEventDefinition": _cancel,
    "bpmn:compensateEventDefinition": _compensate,
    "bpmn:messageEventDefinition": _message,
    "bpmn:timerEventDefinition": _timer,
    "bpmn:errorEventDefinition": _error,
    "bpmn:escalationEventDefinition": _escalation,
    "bpmn:terminateEventDefinition": _terminate,
}
