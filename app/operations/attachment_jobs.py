"""Jobs of files: scanned for threats, previews made, bytes destroyed, orphans swept.

Each does its work outside of any transaction (`work`) and writes down in one what came of it (`apply`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.models import Attachment, AttachmentPreview, Job
from app.models.prepared import table_of
from app.operations.actor import SYSTEM
from app.operations.attachments import DESTROY_JOB, GONE, PREVIEW_JOB, SCAN_JOB
from app.operations.case_content import tell
from app.operations.cases import lock_case
from app.operations.history import Event, append_events, customer_stream
from app.operations.job_leases import LeasedJob, finish_job, postpone_job
from app.operations.jobs import enqueue
from app.operations.rows import insert_rows

Values = Mapping[str, object]
SWEEP_JOB = "sweep_files"
SWEEP_EVERY = timedelta(hours=6)
# A file is written, then its row: what has no row after a day never gets one.
ORPHAN_AGE = timedelta(days=1)
SCANNER_PAUSE = timedelta(minutes=1)
RESCAN_AFTER = timedelta(days=30)  # scanners learn new threats
MOST_AT_ONCE = 500

_ATTACHMENT, _PREVIEW, _JOB = table_of(Attachment), table_of(AttachmentPreview), table_of(Job)


def finish_scan(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Give the file out, or lock it away; without an answer of the scanner it goes on waiting (fail closed, W48)."""
    attachment = session.get(Attachment, job.payload["attachment_id"])
    if result["verdict"] == "unavailable":
        postpone_job(session, job, now + SCANNER_PAUSE)
        return
    finish_job(session, job)
    if attachment is None or attachment.state not in ("pending", "available"):
        return
    changes: dict[str, object] = {"scanned_at": now} if result["verdict"] != "unneeded" else {}
    if result["verdict"] == "infected":
        changes |= {"state": "quarantined", "threat": str(result["threat"])[:200]}
        _tell_threat(session, attachment, str(result["threat"]), now)
    elif attachment.state == "pending":
        changes["state"] = "available"
        if attachment.preview_state == "pending":
            payload = {"attachment_id": attachment.id}
            enqueue(session, PREVIEW_JOB, payload, run_at=now, now=now, site_id=attachment.site_id)
    if changes:
        session.execute(update(_ATTACHMENT).where(_ATTACHMENT.c.id == attachment.id).values(changes))


def finish_preview(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Keep the pictures with the file; destroy them where the file has gone meanwhile."""
    finish_job(session, job)
    pages = result["pages"]
    if not isinstance(pages, list):
        raise TypeError("the pages of a preview are a list")
    attachment_id = job.payload["attachment_id"]
    is_ready = bool(pages)
    change = update(_ATTACHMENT).where(
        _ATTACHMENT.c.id == attachment_id, _ATTACHMENT.c.state == "available", _ATTACHMENT.c.preview_state == "pending"
    )
    changed = session.execute(
        change.values(preview_state="ready" if is_ready else "failed").returning(_ATTACHMENT.c.id)
    ).first()
    if changed is not None:
        insert_rows(session, AttachmentPreview, [{"attachment_id": attachment_id, **page} for page in pages])
    elif pages:
        enqueue(session, DESTROY_JOB, {"names": [page["stored_name"] for page in pages]}, run_at=now, now=now)


def finish_destruction(session: Session, job: LeasedJob, _result: Values, _now: datetime) -> None:
    """The files are gone."""
    finish_job(session, job)


def finish_sweep(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Destroy stored files that belong to nothing: a crash between storing a file and committing its row."""
    finish_job(session, job)
    names = result["names"]
    orphans = sorted(set(names) - _known(session, names)) if isinstance(names, list) else []
    for start in range(0, len(orphans), MOST_AT_ONCE):
        payload = {"names": orphans[start : start + MOST_AT_ONCE]}
        enqueue(session, DESTROY_JOB, payload, run_at=now, now=now)


def sweep_files(session: Session, now: datetime) -> int:
    """Have the store swept now and then; returns 0, as one sweep is all."""
    recent = exists().where(_JOB.c.kind == SWEEP_JOB, _JOB.c.created_at > now - SWEEP_EVERY)
    if session.execute(select(exists().select_from(_ATTACHMENT), recent)).one() == (True, False):
        enqueue(session, SWEEP_JOB, {"before": (now - ORPHAN_AGE).isoformat()}, run_at=now, now=now)
    return 0


def rescan_files(session: Session, now: datetime) -> int:
    """Have files scanned again that a scanner has seen long ago."""
    old = select(_ATTACHMENT.c.id).where(
        _ATTACHMENT.c.state == "available", _ATTACHMENT.c.scanned_at < now - RESCAN_AFTER
    )
    return _scan_again(session, session.execute(old.limit(MOST_AT_ONCE)).scalars().all(), now)


def scan_all_files(session: Session, now: datetime) -> int:
    """Have every file scanned that can be given out, those no scanner has ever seen too; returns how many."""
    given_out = select(_ATTACHMENT.c.id).where(_ATTACHMENT.c.state == "available")
    return _scan_again(session, session.execute(given_out).scalars().all(), now)


def _scan_again(session: Session, attachment_ids: Iterable[str], now: datetime) -> int:
    found = list(attachment_ids)
    for attachment_id in found:
        enqueue(session, SCAN_JOB, {"attachment_id": attachment_id}, run_at=now, now=now)
    if found:
        touched = update(_ATTACHMENT).where(_ATTACHMENT.c.id.in_(found), _ATTACHMENT.c.scanned_at.is_not(None))
        session.execute(touched.values(scanned_at=now))
    return len(found)


def _known(session: Session, names: Iterable[str]) -> set[str]:
    ordered, known = list(names), set[str]()
    for start in range(0, len(ordered), MOST_AT_ONCE):
        part = ordered[start : start + MOST_AT_ONCE]
        files = select(_ATTACHMENT.c.stored_name).where(_ATTACHMENT.c.state.not_in(GONE))
        known.update(session.execute(files.where(_ATTACHMENT.c.stored_name.in_(part))).scalars())
        previews = select(_PREVIEW.c.stored_name).where(_PREVIEW.c.stored_name.in_(part))
        known.update(session.execute(previews).scalars())
    return known


def _tell_threat(session: Session, attachment: Attachment, threat: str, now: datetime) -> None:
    event = Event(
        "attachment_quarantined", {"attachment_id": attachment.id, "sha256": attachment.sha256, "threat": threat},
        activity_id=attachment.user_task_id, personal={"name": attachment.original_name},
        subject_id=attachment.subject_id,
    )  # fmt: skip
    if attachment.instance_id is not None:
        tell(session, lock_case(session, attachment.instance_id), event, actor=SYSTEM, now=now)
    else:
        append_events(session, customer_stream(attachment.subject_id), [event], actor=SYSTEM, now=now)
