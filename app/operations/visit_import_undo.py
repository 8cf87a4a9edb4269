"""An import taken back: visits that nobody was called about go, with their plan; what was made of others stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.i18n import N_
from app.models import (
    Consent,
    FollowUpListEntry,
    PlannedFollowUp,
    Vehicle,
    VehicleHolding,
    Visit,
    VisitImport,
    VisitImportRow,
)
from app.models.visit_import_undo import undo_lines
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, customer_stream
from app.operations.reasons import stated_reason

BY_IMPORT = ("import", "import_assumed")


class NothingToTakeBack(Conflict):
    """The import was not confirmed, was taken back before, or all of its visits are in use."""


@dataclass(frozen=True, slots=True)
class UndoResult:
    """How many visits went, and how many stay because somebody was called, a case exists or a list holds them."""

    taken_back: int
    kept: int


def undo_import(session: Session, import_id: str, *, reason: str, actor: Actor, now: datetime) -> UndoResult:
    """Take back what can be: visits, planned calls, the words on calls and the holders the import brought.

    Files of customers and vehicles stay: others may have worked with them since. The same file can be imported again.
    Raises NotFound, NothingToTakeBack, InvalidInput.
    """
    text = stated_reason(reason)
    upload = session.get(VisitImport, import_id, with_for_update=True)
    if upload is None:
        raise NotFound(N_("This import does not exist."))
    lines = undo_lines(session, import_id) if upload.imported_at else []
    free = frozenset(line.visit_id for line in lines if not line.obstacle)
    if upload.imported_at is None or not free:
        raise NothingToTakeBack(N_("Nothing of this import can be taken back."))
    visits = [visit for visit in _visits(session, import_id) if visit.id in free]
    for visit in visits:
        body = {"visit_id": visit.id, "order_number": visit.order_number, "import_id": import_id}
        stream = customer_stream(visit.customer_id)
        event = Event("visit_taken_back", body, reason=text)
        append_events(session, stream, [event], actor=actor, now=now, site_id=upload.site_id)
    pairs = {(visit.customer_id, visit.vehicle_id) for visit in visits}
    _delete(session, visits)
    for customer_id in sorted({customer for customer, _ in pairs}):
        _take_back_consent(session, customer_id, upload, actor, now)
    for customer_id, vehicle_id in sorted(pairs):
        _take_back_holding(session, customer_id, vehicle_id, upload.imported_at)
    if len(free) == len(lines):
        upload.state = "taken_back"
    counts = {"import_id": import_id, "taken_back": len(free), "kept": len(lines) - len(free)}
    event = Event("visit_import_taken_back", counts, reason=text)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=upload.site_id)
    return UndoResult(len(free), len(lines) - len(free))


def _visits(session: Session, import_id: str) -> Iterable[Visit]:
    return session.scalars(select(Visit).where(Visit.import_id == import_id).order_by(Visit.id)).all()


def _delete(session: Session, visits: Iterable[Visit]) -> None:
    """The jobs that were to start these calls find nothing to start."""
    for visit in visits:
        session.execute(delete(PlannedFollowUp).where(PlannedFollowUp.visit_id == visit.id))
        session.execute(delete(FollowUpListEntry).where(FollowUpListEntry.visit_id == visit.id))
        row = update(VisitImportRow).where(VisitImportRow.visit_id == visit.id)
        session.execute(row.values(outcome="taken_back", visit_id=None))
        session.delete(visit)
    session.flush()


def _take_back_consent(session: Session, customer_id: str, upload: VisitImport, actor: Actor, now: datetime) -> None:
    """The word the import brought: it may have been assumed wrongly. Other visits of the import keep it."""
    if _has_visit(session, Visit.customer_id == customer_id, Visit.import_id == upload.id):
        return
    gone = session.execute(
        delete(Consent)
        .where(
            Consent.customer_id == customer_id, Consent.source.in_(BY_IMPORT), Consent.given_at == upload.imported_at
        )
        .returning(Consent.state)
    ).scalars()
    events = [Event("consent_taken_back", {"state": state, "import_id": upload.id}) for state in gone]
    if events:
        append_events(session, customer_stream(customer_id), events, actor=actor, now=now, site_id=upload.site_id)


def _take_back_holding(session: Session, customer_id: str, vehicle_id: str, imported_at: datetime) -> None:
    """Give the vehicle back to whom it belonged before the import said otherwise."""
    if _has_visit(session, Visit.customer_id == customer_id, Visit.vehicle_id == vehicle_id):
        return
    of_vehicle = select(VehicleHolding).where(VehicleHolding.vehicle_id == vehicle_id)
    new = session.scalars(
        of_vehicle.where(
            VehicleHolding.customer_id == customer_id,
            VehicleHolding.since == imported_at,
            VehicleHolding.until.is_(None),
        )
    ).first()
    old = session.scalars(of_vehicle.where(VehicleHolding.until == imported_at).order_by(VehicleHolding.id)).first()
    if new is None or old is None:
        return
    session.delete(new)
    old.until = None
    session.get_one(Vehicle, vehicle_id).holder_id = old.customer_id
    session.flush()


def _has_visit(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return session.scalars(select(Visit.id).where(*conditions).limit(1)).first() is not None
