"""Verifying files: each is in its place, opens, and has the hash that the history recorded when it was added."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files import FileDamaged, FileMissing, FileStore
from app.models import Attachment, HistoryEvent
from app.operations.attachments import GONE
from app.operations.history_findings import Finding, finding
from app.operations.subject_keys import subject_keys

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FilesResult:
    """How many files were read and found as they were added, how many have no key any more, and what is wrong."""

    intact: int
    erased: int
    findings: tuple[Finding, ...]

    @property
    def is_intact(self) -> bool:
        return not self.findings


def verify_attachments(session: Session, store: FileStore) -> FilesResult:
    """Read every file that was not removed, and hold it against the hash in the history."""
    recorded = _recorded_hashes(session)
    intact = erased = 0
    findings: list[Finding] = []
    for attachment in _kept(session):
        key = subject_keys(session).keys_of([attachment.subject_id]).get(attachment.subject_id)
        if key is None:
            erased += 1
            continue
        code = _fault(attachment, key, recorded.get(attachment.id), store)
        if code:
            findings.append(finding(code, attachment=attachment.id, case=attachment.instance_id))
        else:
            intact += 1
    return FilesResult(intact, erased, tuple(findings))


def _fault(attachment: Attachment, key: bytes, recorded: str | None, store: FileStore) -> str:
    if recorded != attachment.sha256:
        return "file_not_recorded"
    try:
        found = store.fingerprint(attachment.stored_name, key)
    except FileMissing:
        return "file_missing"
    except FileDamaged:
        return "file_damaged"
    return "" if (found.sha256, found.size) == (recorded, attachment.size) else "file_damaged"


def _kept(session: Session) -> Iterator[Attachment]:
    last = ""
    query = select(Attachment).where(Attachment.state.not_in(GONE)).order_by(Attachment.id).limit(_AT_ONCE)
    while found := session.scalars(query.where(Attachment.id > last)).all():
        yield from found
        last = found[-1].id


def _recorded_hashes(session: Session) -> dict[str, str]:
    """Attachment -> SHA-256, as its own event has it; the event itself is held by the chain."""
    events = select(HistoryEvent.canonical).where(HistoryEvent.type == "attachment_added")
    bodies = (orjson.loads(content)["body"] for content in session.scalars(events).yield_per(_AT_ONCE))
    return {body["attachment_id"]: body["sha256"] for body in bodies}
