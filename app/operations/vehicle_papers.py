"""Papers of a vehicle's file (A23): sales papers and service papers, kept like the files of a case."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed
from app.i18n import N_
from app.identifiers import new_id
from app.models import Attachment, Vehicle
from app.models.customer_access import FILE_CHANGERS, vehicle_sites, working_sites
from app.models.prepared import table_of
from app.operations.actor import Actor
from app.operations.attachments import (
    GONE,
    TAKE_BACK,
    AttachmentNotFound,
    FileLimits,
    NewFile,
    Receipt,
    attachment_row,
    begin_work_on,
    destroy_later,
    refuse_same,
    refuse_too_much,
)
from app.operations.customer_authority import REVIEWERS, CardNotFound, existing_vehicle, require_at_card
from app.operations.file_steps import subject_of
from app.operations.history import Event, append_events, customer_stream
from app.operations.reasons import stated_reason
from app.operations.rows import insert_rows
from app.operations.subject_keys import subject_keys

PAPERS = ("sales", "service")
_ATTACHMENT = table_of(Attachment)


def prepare_to_receive_paper(
    session: Session, vehicle_id: str, size: int, limits: FileLimits, *, actor: Actor, now: datetime
) -> Receipt:
    """Ask all that can be asked before a paper is encrypted and stored; only reads the main database."""
    vehicle = _vehicle(session, vehicle_id, actor)
    refuse_too_much(session, _ATTACHMENT.c.vehicle_id == vehicle.id, size, limits, actor, now)
    subject_id = subject_of(vehicle)
    return Receipt(subject_id, subject_keys(session).key(subject_id, now))


def add_paper(
    session: Session, vehicle_id: str, paper: str, file: NewFile, limits: FileLimits, *, actor: Actor, now: datetime
) -> str:
    """Put a stored file into the file of a vehicle and return its id; `paper` is sales or service.

    It is encrypted under the key of the person who holds the vehicle, and goes when that person is erased.
    Raises CardNotFound, NotAllowed, FileRefused, FileAlreadyThere: then the caller destroys what it stored.
    """
    if paper not in PAPERS:
        raise InvalidInput(N_("Choose one of the list."), fields={"paper": N_("Choose one of the list.")})
    vehicle = _vehicle(session, vehicle_id, actor)
    of_vehicle = _ATTACHMENT.c.vehicle_id == vehicle.id
    refuse_too_much(session, of_vehicle, file.stored.size, limits, actor, now)
    refuse_same(session, of_vehicle, file.stored.sha256)
    attachment_id, site_id = new_id(), _site(session, vehicle, actor)
    belongs_to = {"vehicle_id": vehicle.id, "paper": paper}
    insert_rows(session, Attachment, [attachment_row(attachment_id, site_id, file, belongs_to, actor, now)])
    body = {"attachment_id": attachment_id, "sha256": file.stored.sha256, "size": file.stored.size,
            "media_type": file.kind.media_type, "vehicle_id": vehicle.id, "paper": paper}  # fmt: skip
    event = Event("attachment_added", body, personal={"name": file.name}, subject_id=file.subject_id)
    append_events(session, customer_stream(file.subject_id), [event], actor=actor, now=now, site_id=site_id)
    begin_work_on(session, attachment_id, file, site_id, now)
    return attachment_id


def remove_paper(session: Session, attachment_id: str, reason: str, *, actor: Actor, now: datetime) -> str:
    """Destroy a paper; its name and hash stay in the history. Returns the id of its vehicle.

    Who added it may do so for an hour, department heads at any time. Raises AttachmentNotFound, NotAllowed.
    """
    found = session.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
    if found is None or found.vehicle_id is None:
        raise AttachmentNotFound
    vehicle = _vehicle(session, found.vehicle_id, actor)
    if not can_take_back_paper(found, user_id=actor.user_id, now=now):
        _require_reviewer(session, vehicle, actor)
    text = stated_reason(reason)
    if found.state in GONE:
        return vehicle.id
    destroy_later(session, _ATTACHMENT.c.id == found.id, now)
    found.state, found.removed_by, found.removed_at, found.removal_reason = "removed", actor.user_id, now, text
    body = {"attachment_id": found.id, "sha256": found.sha256, "vehicle_id": vehicle.id}
    event = Event(
        "attachment_removed", body, personal={"name": found.original_name}, subject_id=found.subject_id, reason=text
    )
    session.flush()
    append_events(session, customer_stream(found.subject_id), [event], actor=actor, now=now, site_id=found.site_id)
    return vehicle.id


def can_take_back_paper(attachment: Attachment, *, user_id: str, now: datetime) -> bool:
    """Whether this person may remove the paper as the one who added it."""
    return attachment.uploaded_by == user_id and now - attachment.uploaded_at <= TAKE_BACK


def _require_reviewer(session: Session, vehicle: Vehicle, actor: Actor) -> None:
    try:
        require_at_card(session, vehicle, REVIEWERS, actor=actor)
    except CardNotFound:
        raise AttachmentNotFound from None
    except NotAllowed as refusal:
        raise NotAllowed(
            N_("Only a department head may remove this paper: it was added by somebody else or more than an hour ago.")
        ) from refusal


def _vehicle(session: Session, vehicle_id: str, actor: Actor) -> Vehicle:
    vehicle = existing_vehicle(session, vehicle_id)
    require_at_card(session, vehicle, FILE_CHANGERS, actor=actor)
    return vehicle


def _site(session: Session, vehicle: Vehicle, actor: Actor) -> str:
    """The site a paper belongs to: one of the person's that has to do with the vehicle."""
    mine = working_sites(session, actor.user_id, FILE_CHANGERS)
    return next((site for site in mine if site in vehicle_sites(session, vehicle)), mine[0])
