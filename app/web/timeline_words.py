"""How the timeline names what happened: a headline, an icon and a tone per type of event."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.operations.history_reading import RecordedEvent


@dataclass(frozen=True, slots=True)
class Words:
    """The look of an event; `text` has the place %(element)s."""

    text: object
    icon: str
    tone: str = ""


# What sets a step off or stands for itself: each begins an entry of the timeline.
HEADLINES: Mapping[str, Words] = {
    "process_started": Words(_l("Case started"), "play", "good"),
    "user_task_claimed": Words(_l("Claimed: %(element)s"), "hand"),
    "user_task_unclaimed": Words(_l("Returned to the group: %(element)s"), "undo-2"),
    "user_task_assigned": Words(_l("Assigned: %(element)s"), "user-plus"),
    "user_task_completed": Words(_l("Completed: %(element)s"), "check", "good"),
    "timer_fired": Words(_l("Time came: %(element)s"), "timer", "warning"),
    "message_received": Words(_l("Message received: %(element)s"), "mail-check", "info"),
    "job_completed": Words(_l("Done by the system: %(element)s"), "bot"),
    "process_cancelled": Words(_l("Case cancelled"), "ban", "bad"),
    "incident_retried": Words(_l("Tried again: %(element)s"), "refresh-cw", "warning"),
}
# What follows from a step.
CONSEQUENCES: Mapping[str, Words] = {
    "user_task_opened": Words(_l("Next: %(element)s"), "arrow-right"),
    "user_task_cancelled": Words(_l("No longer needed: %(element)s"), "x"),
    "timer_armed": Words(_l("Timer set: %(element)s"), "timer"),
    "job_requested": Words(_l("Given to the system: %(element)s"), "bot"),
    "message_awaited": Words(_l("Waiting for a message: %(element)s"), "mail"),
    "message_sent": Words(_l("Message sent: %(element)s"), "send"),
    "process_ended": Words(_l("Case ended: %(element)s"), "flag"),
}
INCIDENT = Words(_l("Incident: %(element)s"), "triangle-alert", "bad")
OTHER = Words(_l("Recorded: %(element)s"), "info")


def words_of(event: RecordedEvent) -> Words:
    """The look of an event; a type that is new to this page still shows."""
    if event.type == "incident_raised":
        return INCIDENT
    return HEADLINES.get(event.type) or CONSEQUENCES.get(event.type) or OTHER


def sentence(event: RecordedEvent, element: str) -> str:
    """The headline of an event, `element` being the name of its element."""
    words = words_of(event)
    return str(words.text) % {"element": element or event.type}


def explain_incident(event: RecordedEvent) -> str:
    """Why a step could not be done, in the reader's language as far as its values may still be read."""
    msgid = str(event.body.get("msgid", ""))
    if event.is_erased:
        return gettext("The details were erased with the person's data.")
    params = (event.personal or {}).get("params") or {}
    return str(gettext(msgid, **params)) if params else str(gettext(msgid))
