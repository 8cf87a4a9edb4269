"""What the timeline says of files and comments, beside the headline."""

from app.operations.history_reading import RecordedEvent
from app.web.field_labels import FieldLabels
from app.web.follow_up_words import RESULTS
from app.web.texts import gettext

COMMENTS = ("comment_written", "comment_edited")
CORRECTED = "follow_up_corrected"
FILES = ("attachment_added", "attachment_removed", "attachment_quarantined")


def content_changes(event: RecordedEvent, labels: FieldLabels) -> list[tuple[str, str, str]]:
    """(label, old, new) of what an event tells by itself; empty texts where the person was erased."""
    if event.type == CORRECTED:
        return [
            (_label(name, labels), _words(name, change["old"], labels), _words(name, change["new"], labels))
            for name, change in event.body["changes"].items()
        ]
    told = event.personal or {}
    if event.type in COMMENTS:
        return [(gettext("Text"), str(told.get("old") or ""), str(told.get("new") or told.get("text") or ""))]
    if event.type not in FILES:
        return []
    rows = [(gettext("File"), "", str(told.get("name") or ""))]
    if "threat" in event.body:
        rows.append((gettext("Threat"), "", str(event.body["threat"])))
    return [*rows, ("SHA-256", "", str(event.body["sha256"]))]


def _label(name: str, labels: FieldLabels) -> str:
    return gettext("Result") if name == "result" else labels.label(name)


def _words(name: str, value: str | None, labels: FieldLabels) -> str:
    if value is None:
        return ""
    return gettext(RESULTS[value]) if name == "result" else labels.words(name, value)
