"""Files of a case: added once they lie safely in the store, removed with a reason. docs/files-and-comments.md"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotAllowed, NotFound
from app.files import FileKind, FileRefused, StoredFile
from app.i18n import N_
from app.identifiers import new_id
from app.models import Attachment, AttachmentPreview
from app.models.prepared import table_of
from app.models.visibility import can_see_instance
from app.operations.actor import Actor
from app.operations.authority import CASE_OWNERS, groups_at, refuse_auditor
from app.operations.case_content import case_to_add_to, count_content, element_of, tell
from app.operations.cases import lock_case
from app.operations.history import Event
from app.operations.jobs import enqueue
from app.operations.reasons import stated_reason
from app.operations.rows import insert_rows
from app.operations.subject_keys import subject_keys

SCAN_JOB, PREVIEW_JOB, DESTROY_JOB = "scan_attachment", "preview_attachment", "destroy_files"
# How long who added a file may take it back alone; later the owner of the process does.
TAKE_BACK = timedelta(hours=1)
QUOTA_PERIOD = timedelta(days=1)
GONE = ("removed", "erased")
MEGABYTE = 1_000_000

_ATTACHMENT, _PREVIEW = table_of(Attachment), table_of(AttachmentPreview)


class AttachmentNotFound(NotFound):
    """There is no such file, or this person may not know of it."""

    def __init__(self) -> None:
        super().__init__(N_("This file does not exist, or you may not see it."))


class FileAlreadyThere(Conflict):
    """The case has a file with the same content."""


class TooManyFiles(FileRefused):
    """A limit of the case or the person would be passed."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Bytes: of one file, of all files of a case, of what one person adds within 24 hours."""

    largest: int = 25 * MEGABYTE
    of_case: int = 500 * MEGABYTE
    of_person: int = 1000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that lies in the store already; `name` is cleaned, `is_scanned_first` until it is given out."""

    name: str
    kind: FileKind
    stored: StoredFile
    subject_id: str
    is_scanned_first: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is needed to encrypt a file of a case: whose key, and the key."""

    subject_id: str
    key: bytes


def prepare_to_receive(
    session: Session, instance_id: str, size: int, limits: FileLimits, *, actor: Actor, now: datetime
) -> Receipt:
    """Ask all that can be asked before a file is encrypted and stored; only reads the main database.

    Raises CaseNotFound, AuditorsChangeNothing, FileRefused, PersonErased.
    """
    case = case_to_add_to(session, instance_id, actor=actor, is_locked=False)
    refuse_too_much(session, _ATTACHMENT.c.instance_id == case.id, size, limits, actor, now)
    return Receipt(case.subject_id, subject_keys(session).key(case.subject_id, now))


def add_attachment(
    session: Session,
    instance_id: str,
    file: NewFile,
    limits: FileLimits,
    *,
    user_task_id: str | None = None,
    actor: Actor,
    now: datetime,
) -> str:
    """Make a stored file one of the case's and return its id.

    Arguments: user_task_id, on whose page it was added. Raises as `prepare_to_receive`, and FileAlreadyThere,
    UserTaskNotFound: then the caller destroys what it stored.
    """
    case = case_to_add_to(session, instance_id, actor=actor)
    element_id = element_of(session, case, user_task_id)
    of_case = _ATTACHMENT.c.instance_id == case.id
    refuse_too_much(session, of_case, file.stored.size, limits, actor, now)
    refuse_same(session, of_case, file.stored.sha256)
    attachment_id = new_id()
    belongs_to = {"instance_id": case.id, "user_task_id": user_task_id}
    insert_rows(session, Attachment, [attachment_row(attachment_id, case.site_id, file, belongs_to, actor, now)])
    body = {"attachment_id": attachment_id, "sha256": file.stored.sha256, "size": file.stored.size,
            "media_type": file.kind.media_type}  # fmt: skip
    event = Event(
        "attachment_added", body, element_id, user_task_id, personal={"name": file.name}, subject_id=file.subject_id
    )
    tell(session, case, event, actor=actor, now=now)
    count_content(session, case.id, files=1)
    begin_work_on(session, attachment_id, file, case.site_id, now)
    return attachment_id


def remove_attachment(session: Session, attachment_id: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Destroy the bytes of a file, for good; its name, its hash and who removed it stay in the history.

    Who added it may do so for an hour while the case is open, process owners and administrators of the site at any
    time. Removing it again changes nothing. Raises AttachmentNotFound, NotAllowed, InvalidInput without a reason.
    """
    found = session.get(Attachment, attachment_id)
    if found is None or not found.instance_id or not can_see_instance(session, actor.user_id, found.instance_id):
        raise AttachmentNotFound
    case = lock_case(session, found.instance_id)
    session.refresh(found)
    groups = groups_at(session, actor.user_id, case.site_id)
    refuse_auditor(groups)
    if not groups & CASE_OWNERS and not can_take_back(found, is_open=case.is_open, user_id=actor.user_id, now=now):
        raise NotAllowed(
            N_("Only a process owner may remove this file: it was added by somebody else or more than an hour ago.")
        )
    text = stated_reason(reason)
    if found.state in GONE:
        return
    destroy_later(session, _ATTACHMENT.c.id == found.id, now)
    found.state, found.removed_by, found.removed_at, found.removal_reason = "removed", actor.user_id, now, text
    count_content(session, case.id, files=-1)
    event = Event(
        "attachment_removed", {"attachment_id": found.id, "sha256": found.sha256},
        personal={"name": found.original_name}, subject_id=found.subject_id, reason=text,
    )  # fmt: skip
    tell(session, case, event, actor=actor, now=now)


def can_take_back(attachment: Attachment, *, is_open: bool, user_id: str, now: datetime) -> bool:
    """Whether this person may remove the file as the one who added it."""
    return is_open and attachment.uploaded_by == user_id and now - attachment.uploaded_at <= TAKE_BACK


def destroy_later(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """Have a job destroy the bytes and previews of attachments once this transaction is committed."""
    names = list(session.scalars(select(_ATTACHMENT.c.stored_name).where(which)))
    of_these = _PREVIEW.c.attachment_id.in_(select(_ATTACHMENT.c.id).where(which))
    names += session.scalars(select(_PREVIEW.c.stored_name).where(of_these))
    if names:
        session.execute(_PREVIEW.delete().where(of_these))
        enqueue(session, DESTROY_JOB, {"names": names}, run_at=now, now=now)


def attachment_row(
    attachment_id: str, site_id: str, file: NewFile, belongs_to: Mapping[str, object], actor: Actor, now: datetime
) -> dict[str, object]:
    """The row of a file that was just added; `belongs_to` says to which case or vehicle."""
    return {
        "id": attachment_id,
        "instance_id": None,
        "vehicle_id": None,
        "paper": None,
        "user_task_id": None,
        **belongs_to,
        "site_id": site_id,
        "subject_id": file.subject_id,
        "original_name": file.name,
        "stored_name": file.stored.name,
        "media_type": file.kind.media_type,
        "size": file.stored.size,
        "sha256": file.stored.sha256,
        "state": "pending" if file.is_scanned_first else "available",
        "preview_state": "pending" if file.kind.preview else "none",
        "uploaded_by": actor.user_id,
        "on_behalf_of_id": actor.on_behalf_of,
        "uploaded_at": now,
    }


def begin_work_on(session: Session, attachment_id: str, file: NewFile, site_id: str, now: datetime) -> None:
    """Have a file that was just added scanned, or its small pictures made."""
    if file.is_scanned_first:
        _enqueue(session, SCAN_JOB, attachment_id, site_id, now)
    elif file.kind.preview:
        _enqueue(session, PREVIEW_JOB, attachment_id, site_id, now)


def _enqueue(session: Session, kind: str, attachment_id: str, site_id: str, now: datetime) -> None:
    enqueue(session, kind, {"attachment_id": attachment_id}, run_at=now, now=now, site_id=site_id)


def refuse_too_much(
    session: Session, of_owner: ColumnElement[bool], size: int, limits: FileLimits, actor: Actor, now: datetime
) -> None:
    """Raise FileRefused where a limit would be passed. Arguments: of_owner, which files belong together."""
    if size > limits.largest:
        raise FileRefused(
            N_("The file is too large: %(most)s MB at most. Make it smaller."), most=limits.largest // MEGABYTE
        )
    together = select(func.coalesce(func.sum(_ATTACHMENT.c.size), 0)).where(
        of_owner, _ATTACHMENT.c.state.not_in(GONE)
    )
    if session.execute(together).scalar_one() + size > limits.of_case:
        raise TooManyFiles(
            N_("The files of a case or vehicle may have %(most)s MB together. Have what is not needed removed first."),
            most=limits.of_case // MEGABYTE,
        )
    of_person = select(func.coalesce(func.sum(_ATTACHMENT.c.size), 0)).where(
        _ATTACHMENT.c.uploaded_by == actor.user_id, _ATTACHMENT.c.uploaded_at > now - QUOTA_PERIOD
    )
    if session.execute(of_person).scalar_one() + size > limits.of_person:
        raise TooManyFiles(
            N_("You have added %(most)s MB within a day, which is all that one person may. Go on tomorrow."),
            most=limits.of_person // MEGABYTE,
        )


def refuse_same(session: Session, of_owner: ColumnElement[bool], sha256: str) -> None:
    """Raise FileAlreadyThere where the same content was added before."""
    same = select(_ATTACHMENT.c.original_name).where(
        of_owner, _ATTACHMENT.c.sha256 == sha256, _ATTACHMENT.c.state.not_in(GONE)
    )
    if (name := session.execute(same.limit(1)).scalar()) is not None:
        raise FileAlreadyThere(N_("This file is there already, as “%(name)s”."), name=name)
