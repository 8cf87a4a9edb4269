"""Vehicle files: shown, corrected, given to a new holder. They are found with the customers."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from app.extensions import db
from app.i18n import N_
from app.models import Vehicle
from app.models.customer_file_facts import cases_of, holdings_of, visits_of
from app.models.filed_card import VEHICLE
from app.operations.card_fields import card_values
from app.operations.card_requests import change_card
from app.operations.customer_authority import existing_vehicle
from app.web.api.files_of_customers import (
    CardOutcome,
    CardVersion,
    FileOfCase,
    FileOfVisit,
    case_of_file,
    sent_values,
    visit_of_file,
)
from app.web.api.guards import Guard
from app.web.api.shapes import Moment, Received, Shape, VersionedShape
from app.web.api.subjects import Subject, Told
from app.web.current import current_actor, current_person, current_time
from app.web.looks import log_look
from app.web.permissions import Permission
from app.web.vehicle_page import known_file, new_holder

VEHICLES = Subject(
    "vehicles", N_("Vehicle files"), N_("One vehicle, one file, whoever holds it. Find them with their customers.")
)
Text = Annotated[str, Meta(max_length=300)]


class VehicleTexts(Shape, frozen=True):
    """What stands on the card, empty where nothing is known."""

    vin: str
    plate: str
    make: str
    model: str
    produced_on: str
    origin: str
    insurance_kind: str
    insured_from: str
    insured_until: str


class VehicleCard(Shape, frozen=True):
    """The card."""

    values: VehicleTexts
    verification: str
    unverified_fields: Annotated[list[str], Meta(description=N_("What nobody has checked yet"))]


class HeldBy(Shape, frozen=True):
    """Who had it from when to when; without a name where the person may not know them."""

    customer: str | None
    name: str | None
    since: Moment
    until: Moment | None


class VehicleFile(VersionedShape, frozen=True):
    """All that the page of a file shows, of the sites where the person reads files."""

    id: str
    card: VehicleCard
    holders: list[HeldBy]
    visits: list[FileOfVisit]
    cases: list[FileOfCase]

    @property
    def version(self) -> str:
        """That of the card and its holders: visits and cases are changed elsewhere."""
        return VehicleVersion(self.id, self.card, self.holders).version


class VehicleVersion(CardVersion, frozen=True):
    """What a change of a card, or of who holds the vehicle, is held against."""

    holders: list[HeldBy]


class VehicleValues(Received, frozen=True):
    """Fields of the card that are to be others; those left out stay. Days are written 2026-01-31, nothing as empty."""

    vin: Text | UnsetType = UNSET
    plate: Text | UnsetType = UNSET
    make: Text | UnsetType = UNSET
    model: Text | UnsetType = UNSET
    produced_on: Text | UnsetType = UNSET
    origin: Literal["", "sold_here", "elsewhere", "other_make"] | UnsetType = UNSET
    insurance_kind: Text | UnsetType = UNSET
    insured_from: Text | UnsetType = UNSET
    insured_until: Text | UnsetType = UNSET


class VehicleChange(Received, frozen=True):
    """The change of a card; a filed card needs a reason."""

    values: VehicleValues
    reason: Annotated[str, Meta(max_length=2000)] = ""


class NewHolder(Received, frozen=True):
    """Who has the vehicle now: known by name and phone, or somebody new."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    phone: Annotated[str, Meta(min_length=1, max_length=60)]
    reason: Annotated[str, Meta(max_length=2000)] = ""


@VEHICLES.offers(
    "GET", "/vehicles/<vehicle_id>", Permission.READ_CUSTOMERS, "customers", Told(N_("Show a vehicle's file"))
)
def show_vehicle(vehicle_id: str) -> VehicleFile:
    """The file; its holder counts as looked at."""
    log_look(known_file(vehicle_id).holder_id)
    vehicle, session, reader = known_file(vehicle_id), db.session(), current_person().id
    return VehicleFile(
        vehicle.id, _card(vehicle), _holders(vehicle),
        [visit_of_file(visit) for visit in visits_of(session, reader, vehicle_id=vehicle.id)],
        [case_of_file(one) for one in cases_of(session, reader, vehicle_id=vehicle.id)],
    )  # fmt: skip


@VEHICLES.offers(
    "PATCH", "/vehicles/<vehicle_id>", Permission.CHANGE_CUSTOMERS, "customers",
    Told(N_("Correct a vehicle's card"), N_("A card that is filed already stays as it is until somebody approves.")),
)  # fmt: skip
def correct_vehicle(vehicle_id: str, body: VehicleChange, guard: Guard) -> CardOutcome:
    """Change it, or ask for it."""
    known_file(vehicle_id)
    guard.check(lambda: _version(existing_vehicle(db.session(), vehicle_id, is_locked=True)))
    return _change(vehicle_id, sent_values(body.values), body.reason)


@VEHICLES.offers(
    "PUT", "/vehicles/<vehicle_id>/holder", Permission.CHANGE_CUSTOMERS, "customers",
    Told(N_("Give a vehicle to a new holder"), N_("It was sold: somebody known has it now, or somebody new.")),
)  # fmt: skip
def put_holder(vehicle_id: str, body: NewHolder, guard: Guard) -> CardOutcome:
    """Change it, or ask for it."""
    known_file(vehicle_id)
    guard.check(lambda: _version(existing_vehicle(db.session(), vehicle_id, is_locked=True)))
    return _change(vehicle_id, new_holder(vehicle_id, body.name, body.phone), body.reason)


def _change(vehicle_id: str, values: dict[str, str], reason: str) -> CardOutcome:
    actor, now = current_actor(), current_time()
    return CardOutcome(change_card(db.session(), VEHICLE, vehicle_id, values, reason, actor=actor, now=now))


def _version(vehicle: Vehicle) -> VehicleVersion:
    return VehicleVersion(vehicle.id, _card(vehicle), _holders(vehicle))


def _holders(vehicle: Vehicle) -> list[HeldBy]:
    return [
        HeldBy(one.customer_id if one.name is not None else None, one.name, one.since, one.until)
        for one in holdings_of(db.session(), current_person().id, vehicle.id)
    ]


def _card(vehicle: Vehicle) -> VehicleCard:
    """Without its holder: who that is stands among the holders, for those who may know."""
    values = {name: text for name, text in card_values(db.session(), vehicle).items() if name != "holder"}
    return VehicleCard(VehicleTexts(**values), vehicle.verification, list(vehicle.unverified_fields))
