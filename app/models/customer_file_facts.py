"""What the pages of a customer and of a vehicle show beside the card: visits, cases, consents, holders, papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.models.case_content import Attachment
from app.models.customer import Consent, Customer, Vehicle, VehicleHolding, Visit
from app.models.customer_access import FILE_READERS, may_know_customer, may_know_vehicle, working_sites
from app.models.customer_file import CardRequest, DuplicatePair
from app.models.follow_up_plan import PlannedFollowUp
from app.models.process_instance import ProcessInstance
from app.models.visibility import is_visible_to

MOST = 30


@dataclass(frozen=True, slots=True)
class FileCase:
    """A case of the customer or vehicle that the reader may see."""

    id: str
    definition_id: str
    process_key: str
    case_number: str
    title: str
    state: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """Who had a vehicle from when to when; without a name where the reader may not know the person."""

    vehicle_id: str
    customer_id: str
    name: str | None
    since: datetime
    until: datetime | None


def known_customer(session: Session, user_id: str, customer_id: str) -> Customer | None:
    """The customer, if this person may know of them; those merged into another as well, to lead there."""
    query = select(Customer).where(Customer.id == customer_id, Customer.erased_at.is_(None))
    return session.scalars(query.where(may_know_customer(user_id))).one_or_none()


def merged_into(session: Session, customer_id: str) -> str | None:
    """The file that a customer's was merged into, whoever asks; None where it was not."""
    return session.scalar(select(Customer.merged_into_id).where(Customer.id == customer_id))


def known_vehicle(session: Session, user_id: str, vehicle_id: str) -> Vehicle | None:
    """The vehicle, if this person may know of it."""
    return session.scalars(select(Vehicle).where(Vehicle.id == vehicle_id, may_know_vehicle(user_id))).one_or_none()


def vehicles_of(session: Session, customer_id: str) -> Sequence[Vehicle]:
    """The vehicles a customer holds today."""
    query = select(Vehicle).where(Vehicle.holder_id == customer_id)
    return session.scalars(query.order_by(Vehicle.created_at, Vehicle.id)).all()


def holdings_of(session: Session, user_id: str, vehicle_id: str) -> list[Holding]:
    """Who held a vehicle, the newest first."""
    rows = session.execute(
        select(VehicleHolding.vehicle_id, VehicleHolding.customer_id, VehicleHolding.since, VehicleHolding.until)
        .where(VehicleHolding.vehicle_id == vehicle_id)
        .order_by(VehicleHolding.since.desc(), VehicleHolding.id)
    ).all()
    known = select(Customer.id, Customer.name).where(
        Customer.id.in_([row.customer_id for row in rows]), Customer.erased_at.is_(None), may_know_customer(user_id)
    )
    names: dict[str, str] = dict(session.execute(known).all())
    return [Holding(row.vehicle_id, row.customer_id, names.get(row.customer_id), row.since, row.until) for row in rows]


def visits_of(
    session: Session, user_id: str, *, customer_id: str | None = None, vehicle_id: str | None = None
) -> Sequence[Visit]:
    """The visits at sites where this person reads files, the newest first."""
    query = select(Visit).where(Visit.site_id.in_(working_sites(session, user_id, FILE_READERS)))
    query = query.where(Visit.customer_id == customer_id) if customer_id else query
    query = query.where(Visit.vehicle_id == vehicle_id) if vehicle_id else query
    return session.scalars(query.order_by(Visit.handed_over_at.desc(), Visit.id).limit(MOST)).all()


def cases_of(
    session: Session, user_id: str, *, customer_id: str | None = None, vehicle_id: str | None = None
) -> list[FileCase]:
    """The cases this person may see, the newest first."""
    row = ProcessInstance
    about: ColumnElement[bool] = row.customer_id == customer_id if customer_id else row.vehicle_id == vehicle_id
    query = select(
        row.id, row.definition_id, row.process_key, row.case_number, row.title, row.state, row.started_at
    ).where(about, is_visible_to(user_id))
    query = query.order_by(row.started_at.desc(), row.id).limit(MOST)
    return [FileCase(*found) for found in session.execute(query)]


def planned_for(session: Session, user_id: str, customer_id: str) -> Sequence[PlannedFollowUp]:
    """The follow-ups still to be made, the next first."""
    row, sites = PlannedFollowUp, working_sites(session, user_id, FILE_READERS)
    query = select(row).where(row.customer_id == customer_id, row.state == "planned", row.site_id.in_(sites))
    return session.scalars(query.order_by(row.planned_on, row.id).limit(MOST)).all()


def consents_of(session: Session, customer_id: str) -> Sequence[Consent]:
    """What the customer said about being called, the newest first: company-wide, as their wishes are."""
    query = select(Consent).where(Consent.customer_id == customer_id)
    return session.scalars(query.order_by(Consent.given_at.desc(), Consent.id.desc()).limit(MOST)).all()


def papers_of(session: Session, user_id: str, vehicle_id: str) -> Sequence[Attachment]:
    """The papers of a vehicle's file that were added at sites where this person reads files, the newest first."""
    query = select(Attachment).where(
        Attachment.vehicle_id == vehicle_id, Attachment.site_id.in_(working_sites(session, user_id, FILE_READERS))
    )
    return session.scalars(query.order_by(Attachment.uploaded_at.desc(), Attachment.id)).all()


def open_request_of(session: Session, kind: str, card_id: str) -> CardRequest | None:
    """What somebody asked for of a card and nobody decided yet."""
    row = CardRequest
    query = select(row).where(row.card_kind == kind, row.card_id == card_id, row.state == "open")
    return session.scalars(query.limit(1)).one_or_none()


def merges_into(session: Session, customer_id: str) -> Sequence[DuplicatePair]:
    """The files that were merged into this one and are still, the newest first."""
    row = DuplicatePair
    query = select(row).where(row.kept_id == customer_id, row.verdict == "merged", row.undone_at.is_(None))
    return session.scalars(query.order_by(row.decided_at.desc())).all()
