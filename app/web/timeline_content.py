"""What the timeline says of files and comments, beside the headline."""

from app.operations.history_reading import RecordedEvent
from app.web.texts import gettext

COMMENTS = ("comment_written", "comment_edited")
FILES = ("attachment_added", "attachment_removed", "attachment_quarantined")


def content_changes(event: RecordedEvent) -> list[tuple[str, str, str]]:
    """(label, old, new) of each thing to tell of a comment or file; empty texts where the person was erased."""
    told = event.personal or {}
    if event.type in COMMENTS:
        return [(gettext("Text"), str(told.get("old") or ""), str(told.get("new") or told.get("text") or ""))]
    if event.type not in FILES:
        return []
    rows = [(gettext("File"), "", str(told.get("name") or ""))]
    if "threat" in event.body:
        rows.append((gettext("Threat"), "", str(event.body["threat"])))
    return [*rows, ("SHA-256", "", str(event.body["sha256"]))]
