"""Reading the behavior of multi-instance activities."""

from __future__ import annotations

from dataclasses import replace

from app.engine.elements.instance_events import InstanceEvents
from app.engine.events.error import ErrorEvent
from app.engine.events.message import MessageEvent
from app.engine.events.signal import SignalEvent
from app.engine.events.thrown import ThrownEvent
from app.engine.expressions import FeelText
from app.engine.reading.diagram import attribute, child, children, text_of
from app.engine.reading.event_definitions import AnyEvent, event_named_by, events_of
from app.engine.reading.events import THROWN
from app.engine.reading.level import Level
from app.engine.reading.xml_names import Element
from app.i18n import N_

# What each behavior needs; nothing of the others may be there.
_NEEDS = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef", "Complex": "complexBehaviorDefinition"}
# What a signal or message carries of itself (BPMN 2.0.2, table 10.30).
_CARRIED = ("numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances")


def instance_events(level: Level, marker: Element) -> InstanceEvents:
    """The events of a multi-instance marker; a problem where they do not fit its behavior."""
    behavior = attribute(marker, "behavior") or "All"
    drawn = {name for name in _NEEDS.values() if attribute(marker, name) or child(marker, f"bpmn:{name}") is not None}
    for name in sorted(drawn ^ ({_NEEDS[behavior]} if behavior in _NEEDS else set())):
        if name in drawn:
            msgid = N_("%(name)s does not belong to the behavior %(behavior)s. Remove it, or change the behavior.")
        else:
            msgid = N_("The behavior %(behavior)s needs %(name)s: say which event is thrown.")
        level.diagram.refuse(marker, "behavior", msgid, name=name, behavior=behavior)
    return InstanceEvents(
        of_each=_named(level, marker, _NEEDS["None"]),
        of_first=_named(level, marker, _NEEDS["One"]),
        on_condition=tuple(
            _complex(level, marker, entry) for entry in children(marker, "bpmn:complexBehaviorDefinition")
        ),
    )


def _named(level: Level, marker: Element, name: str) -> ThrownEvent | None:
    event = event_named_by(level, marker, name)
    return None if event is None else _thrown(level, marker, event)


def _complex(level: Level, marker: Element, definition: Element) -> tuple[FeelText, tuple[ThrownEvent, ...]]:
    text, holder = text_of(child(definition, "bpmn:condition")), child(definition, "bpmn:event")
    events = () if holder is None else events_of(level, holder)
    if not text or not events:
        msgid = N_("A complexBehaviorDefinition has a condition and an event that is thrown when it is true.")
        level.diagram.refuse(definition, "behavior", msgid)
    condition = level.diagram.feel(definition, text or "false", "condition")
    thrown = (_thrown(level, marker, event) for event in events)
    return condition, tuple(event for event in thrown if event is not None)


def _thrown(level: Level, marker: Element, event: AnyEvent) -> ThrownEvent | None:
    if isinstance(event, (MessageEvent, SignalEvent)):
        carried = ((name, level.diagram.feel(marker, name, "behavior")) for name in _CARRIED)
        return replace(event, payload=(*carried, *event.payload))
    if isinstance(event, (*THROWN, ErrorEvent)):
        return event
    msgid = N_("The instances of an activity throw messages, signals, escalations and errors only.")
    level.diagram.refuse(marker, "behavior", msgid)
    return None
