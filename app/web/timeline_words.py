"""How the timeline names what happened: a headline, an icon and a tone per type of event."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import N_
from app.operations.history_reading import RecordedEvent
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class Words:
    """The look of an event; `text` is a msgid, usually with the place %(element)s."""

    text: str
    icon: str
    tone: str = ""


# What sets a step off or stands for itself: each begins an entry of the timeline.
HEADLINES: Mapping[str, Words] = {
    "process_started": Words(N_("Case started"), "play", "good"),
    "user_task_claimed": Words(N_("Claimed: %(element)s"), "hand"),
    "user_task_unclaimed": Words(N_("Returned to the group: %(element)s"), "undo-2"),
    "user_task_assigned": Words(N_("Assigned: %(element)s"), "user-plus"),
    "user_task_handed_over": Words(N_("Handed over: %(element)s"), "arrow-right-left"),
    "user_task_delegated": Words(N_("Delegated for an answer: %(element)s"), "message-circle-question-mark"),
    "user_task_resolved": Words(N_("Given back with an answer: %(element)s"), "message-circle-reply"),
    "user_task_completed": Words(N_("Completed: %(element)s"), "check", "good"),
    "timer_fired": Words(N_("Time came: %(element)s"), "timer", "warning"),
    "message_received": Words(N_("Message received: %(element)s"), "mail-check", "info"),
    "signal_received": Words(N_("Signal heard: %(element)s"), "mail-check", "info"),
    "job_completed": Words(N_("Done by the system: %(element)s"), "bot"),
    "job_failure_reported": Words(N_("Failed outside: %(element)s"), "bot", "warning"),
    "job_attempt_failed": Words(N_("An attempt failed: %(element)s"), "refresh-cw", "warning"),
    "external_task_changed": Words(N_("Work for another program changed: %(element)s"), "pencil"),
    "bpmn_error_reported": Words(N_("Error reported from outside: %(element)s"), "bot", "warning"),
    "bpmn_escalation_reported": Words(N_("Escalated from outside: %(element)s"), "bot", "warning"),
    "user_task_changed": Words(N_("Dates or priority changed: %(element)s"), "pencil"),
    "user_task_candidate_added": Words(N_("Offered to more people: %(element)s"), "user-plus"),
    "user_task_candidate_removed": Words(N_("Offered to fewer people: %(element)s"), "x"),
    "case_continued": Words(N_("Went on: %(element)s"), "arrow-right"),
    "ad_hoc_activity_begun": Words(N_("Begun: %(element)s"), "play"),
    "process_cancelled": Words(N_("Case cancelled"), "ban", "bad"),
    "case_modified": Words(N_("Moved by hand"), "arrow-right-left", "warning"),
    "variables_set": Words(N_("Variable changed by hand"), "pencil", "warning"),
    "own_work_refused": Words(N_("Refused, four eyes: %(element)s"), "ban", "warning"),
    "case_migrated": Words(N_("Taken to another version"), "git-branch", "warning"),
    "case_restarted": Words(N_("Started anew as another case"), "rotate-ccw"),
    "case_suspended": Words(N_("Case suspended"), "circle-pause", "warning"),
    "case_resumed": Words(N_("Case resumed"), "circle-play", "good"),
    "job_suspended": Words(N_("Left waiting by hand: %(element)s"), "circle-pause", "warning"),
    "job_resumed": Words(N_("Goes on by hand: %(element)s"), "circle-play", "good"),
    "clock_paused": Words(N_("Clock paused: %(element)s"), "circle-pause", "warning"),
    "clock_resumed": Words(N_("Clock runs again: %(element)s"), "circle-play", "good"),
    "clock_warned": Words(N_("Little time left: %(element)s"), "clock", "warning"),
    "clock_breached": Words(N_("Not done in time: %(element)s"), "triangle-alert", "bad"),
    "follow_up_corrected": Words(N_("Record of the call corrected"), "pencil", "warning"),
    "report_issued": Words(N_("Report issued and frozen"), "lock", "good"),
    "operation_annotated": Words(N_("Note on an entry"), "message-square"),
    "incident_annotated": Words(N_("Note on an incident"), "message-square"),
    "incident_retried": Words(N_("Tried again: %(element)s"), "refresh-cw", "warning"),
    "comment_written": Words(N_("Comment"), "message-square"),
    "comment_edited": Words(N_("Comment changed"), "pencil"),
    "attachment_added": Words(N_("File added"), "paperclip"),
    "attachment_removed": Words(N_("File removed"), "trash-2", "warning"),
    "attachment_quarantined": Words(N_("File locked away: a threat was found"), "shield-alert", "bad"),
}
# What follows from a step.
CONSEQUENCES: Mapping[str, Words] = {
    "user_task_opened": Words(N_("Next: %(element)s"), "arrow-right"),
    "user_task_cancelled": Words(N_("No longer needed: %(element)s"), "x"),
    "user_task_rescheduled": Words(N_("Due date moved: %(element)s"), "clock"),
    "clock_started": Words(N_("Clock started: %(element)s"), "clock"),
    "clock_moved": Words(N_("Clock due later: %(element)s"), "clock"),
    "clock_stopped": Words(N_("Clock stopped: %(element)s"), "circle-check"),
    "clock_withdrawn": Words(N_("Clock no longer needed: %(element)s"), "x"),
    "timer_armed": Words(N_("Timer set: %(element)s"), "timer"),
    "job_requested": Words(N_("Given to the system: %(element)s"), "bot"),
    "message_awaited": Words(N_("Waiting for a message: %(element)s"), "mail"),
    "message_sent": Words(N_("Message sent: %(element)s"), "send"),
    "signal_awaited": Words(N_("Waiting for a signal: %(element)s"), "mail"),
    "signal_thrown": Words(N_("Signal thrown: %(element)s"), "send"),
    "decision_evaluated": Words(N_("Decided by its table: %(element)s"), "table-2"),
    "data_store_written": Words(N_("Written into a data store: %(element)s"), "pencil"),
    "process_ended": Words(N_("Case ended: %(element)s"), "flag"),
}
INCIDENT = Words(N_("Incident: %(element)s"), "triangle-alert", "bad")
OTHER = Words(N_("Recorded: %(element)s"), "info")


def words_of(event: RecordedEvent) -> Words:
    """The look of an event; a type that is new to this page still shows."""
    if event.type == "incident_raised":
        return INCIDENT
    return HEADLINES.get(event.type) or CONSEQUENCES.get(event.type) or OTHER


def sentence(event: RecordedEvent, element: str) -> str:
    """The headline of an event, `element` being the name of its element."""
    words = words_of(event)
    return gettext(words.text, element=element or event.type)


def explain_incident(event: RecordedEvent) -> str:
    """Why a step could not be done, in the reader's language as far as its values may still be read."""
    msgid = str(event.body.get("msgid", ""))
    if event.is_erased:
        return gettext("The details were erased with the person's data.")
    params = (event.personal or {}).get("params") or {}
    return str(gettext(msgid, **params)) if params else str(gettext(msgid))
