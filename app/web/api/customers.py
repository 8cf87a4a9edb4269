"""Customer files: found, shown, made, corrected, with what the customer wants; a copy for the person."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from flask import Response
from msgspec import UNSET, Meta, UnsetType

from app.extensions import db
from app.i18n import N_
from app.models import Customer
from app.models.customer_file_facts import cases_of, consents_of, merged_into, planned_for, vehicles_of, visits_of
from app.models.customer_search import FoundCustomer, find_customers, is_known_elsewhere, vehicles_without_holder
from app.models.filed_card import CUSTOMER
from app.operations.card_fields import card_values
from app.operations.card_requests import change_card
from app.operations.customer_authority import CardNotFound, existing_customer
from app.operations.customer_creation import create_file
from app.operations.customer_export import copy_for_customer
from app.operations.customer_wishes import change_consent, set_do_not_contact
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
from app.web.api.shapes import Cursor, Moment, Next, Received, Shape, VersionedShape
from app.web.api.subjects import Subject, Told
from app.web.current import current_actor, current_person, current_time
from app.web.customer_page import open_file
from app.web.customers import export
from app.web.looks import log_look
from app.web.permissions import Permission
from app.web.searched_words import searched_words

CUSTOMERS = Subject(
    "customers", N_("Customer files"),
    N_("One person, one file. What others filed is changed only after a review; the answer says so. Who looks at a "
       "file is written down, programs as well."),
)  # fmt: skip
READ, CHANGE = Permission.READ_CUSTOMERS, Permission.CHANGE_CUSTOMERS
Title = Literal["", "mr", "ms", "company"]
Text = Annotated[str, Meta(max_length=2000)]


class HeldVehicle(Shape, frozen=True):
    """A vehicle in a list."""

    id: str
    vin: str
    plate: str | None
    model: str


class ListedCustomer(Shape, frozen=True):
    """A customer of a list."""

    id: str
    name: str
    title: str
    phone: str
    verification: str
    standing: str
    is_do_not_contact: bool
    vehicles: list[HeldVehicle]


class CustomerList(Shape, frozen=True):
    """A page of customers."""

    customers: list[ListedCustomer]
    next: Next
    vehicles_without_holder: Annotated[list[HeldVehicle], Meta(description=N_("Found by their whole VIN or plate"))]
    is_known_elsewhere: Annotated[
        bool, Meta(description=N_("Another site knows somebody by exactly this number; who, is not told"))
    ]


class CardTexts(Shape, frozen=True):
    """What stands on the card, empty where nothing is known."""

    name: str
    title: str
    phone: str
    grade: str
    contact_person: str
    user_name: str
    occupation: str
    birth_date: str
    id_number: str
    registered_address: str
    registered_phone: str
    postal_address: str
    postal_phone: str
    preferences: str


class CustomerCard(Shape, frozen=True):
    """The card."""

    values: CardTexts
    verification: str
    unverified_fields: Annotated[list[str], Meta(description=N_("What nobody has checked yet"))]
    standing: str
    is_do_not_contact: bool


class SaidOnCalls(Shape, frozen=True):
    """What the customer said about being called."""

    state: str
    source: str
    recorded_by: str
    given_at: Moment


class PlannedCallOfFile(Shape, frozen=True):
    """A follow-up still to be made."""

    id: str
    day: date
    occasion: str


class CustomerFile(VersionedShape, frozen=True):
    """All that the page of a file shows, of the sites where the person reads files."""

    id: Annotated[str, Meta(description=N_("Another than was asked for where that file was merged into this one"))]
    card: CustomerCard
    vehicles: list[HeldVehicle]
    visits: list[FileOfVisit]
    cases: list[FileOfCase]
    planned: list[PlannedCallOfFile]
    consents: list[SaidOnCalls]

    @property
    def version(self) -> str:
        """That of the card: visits and cases are changed elsewhere."""
        return CardVersion(self.id, self.card).version


class NewFile(Received, frozen=True):
    """A customer, with their vehicle where a VIN is given."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    phone: Annotated[str, Meta(min_length=1, max_length=60)]
    title: Title = ""
    vin: Annotated[str, Meta(max_length=40)] = ""
    plate: Annotated[str, Meta(max_length=40)] = ""
    make: Annotated[str, Meta(max_length=60)] = ""
    model: Annotated[str, Meta(max_length=120)] = ""
    origin: Literal["", "sold_here", "elsewhere", "other_make"] = ""
    site: Annotated[str, Meta(max_length=64, description=N_("Where; without it the person's own site"))] = ""


class MadeFile(Shape, frozen=True):
    """The file there is now."""

    id: str


class CardValues(Received, frozen=True):
    """Fields of the card that are to be others; those left out stay. Days are written 2026-01-31, nothing as empty."""

    name: Text | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    phone: Text | UnsetType = UNSET
    grade: Literal["", "valuable", "potential", "not_valuable"] | UnsetType = UNSET
    contact_person: Text | UnsetType = UNSET
    user_name: Text | UnsetType = UNSET
    occupation: Text | UnsetType = UNSET
    birth_date: Text | UnsetType = UNSET
    id_number: Text | UnsetType = UNSET
    registered_address: Text | UnsetType = UNSET
    registered_phone: Text | UnsetType = UNSET
    postal_address: Text | UnsetType = UNSET
    postal_phone: Text | UnsetType = UNSET
    preferences: Text | UnsetType = UNSET


class CardChange(Received, frozen=True):
    """The change of a card; a filed card needs a reason."""

    values: CardValues
    reason: Annotated[str, Meta(max_length=2000)] = ""


class ConsentSaid(Received, frozen=True):
    """What the customer said, and where."""

    state: Literal["given", "refused", "withdrawn"]
    source: Literal["counter", "call", "letter"]


class ContactSaid(Received, frozen=True):
    """Whether anybody of the company may contact the customer."""

    is_do_not_contact: bool


class Wishes(Shape, frozen=True):
    """What holds now."""

    is_do_not_contact: bool
    consent: Annotated[str, Meta(description=N_("The newest word on being called; empty where there is none"))]


class WantedCustomers(Received, frozen=True):
    """Which of them."""

    q: Annotated[str, Meta(max_length=200, description=N_("Name, phone, plate, VIN or order number"))] = ""
    verification: Literal["", "unverified", "verified", "filed"] = ""
    after: Cursor | None = None


class CustomerCopy(Shape, frozen=True):
    """All that the file says of a person, to hand over to them (PIPL, article 45)."""

    customer: dict[str, Any]
    vehicles: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    consents: list[dict[str, Any]]


@CUSTOMERS.offers("GET", "/customers", READ, "customers", Told(N_("Find customers, by name")))
def find_customer_files(query: WantedCustomers) -> CustomerList:
    """The files one may know of."""
    session, reader, words = db.session(), current_person().id, searched_words()
    page = find_customers(session, reader, words, verification=query.verification, after=query.after)
    lone = vehicles_without_holder(session, reader, words) if words else ()
    return CustomerList(
        [_listed(row) for row in page.rows], page.next_cursor, [_vehicle(vehicle) for vehicle in lone],
        is_known_elsewhere=bool(words) and is_known_elsewhere(session, reader, words),
    )  # fmt: skip


@CUSTOMERS.offers("GET", "/customers/<customer_id>", READ, "customers", Told(N_("Show a customer's file")))
def show_customer(customer_id: str) -> CustomerFile:
    """The file, or the one it was merged into; the look is written down."""
    found = open_file(customer_id)
    found_id = found.id if found else str(merged_into(db.session(), customer_id))
    log_look(found_id)
    customer, session, reader = existing_customer(db.session(), found_id), db.session(), current_person().id
    return CustomerFile(
        customer.id, _card(customer), [_vehicle(vehicle) for vehicle in vehicles_of(session, customer.id)],
        [visit_of_file(visit) for visit in visits_of(session, reader, customer_id=customer.id)],
        [case_of_file(one) for one in cases_of(session, reader, customer_id=customer.id)],
        [PlannedCallOfFile(one.id, one.planned_on, one.occasion) for one in planned_for(session, reader, customer.id)],
        [
            SaidOnCalls(one.state, one.source, one.recorded_by, one.given_at)
            for one in consents_of(session, customer.id)
        ],
    )  # fmt: skip


@CUSTOMERS.offers(
    "POST", "/customers", CHANGE, "customers",
    Told(
        N_("Make a customer's file"),
        N_("Who is known by name and phone is not made twice: the answer is the file there is."), status=201,
    ),
)  # fmt: skip
def make_customer_file(body: NewFile) -> MadeFile:
    """Unverified until others check it."""
    values = {name: text for name, text in msgspec.structs.asdict(body).items() if name != "site"}
    site_id = body.site or current_person().home_site_id or ""
    created = create_file(db.session(), values, site_id=site_id, actor=current_actor(), now=current_time())
    return MadeFile(created.customer.id)


@CUSTOMERS.offers(
    "PATCH", "/customers/<customer_id>", CHANGE, "customers",
    Told(N_("Correct a customer's card"), N_("A card that is filed already stays as it is until somebody approves.")),
)  # fmt: skip
def correct_customer(customer_id: str, body: CardChange, guard: Guard) -> CardOutcome:
    """Change it, or ask for it."""
    _existing(customer_id)
    guard.check(lambda: _version(existing_customer(db.session(), customer_id, is_locked=True)))
    outcome = change_card(
        db.session(), CUSTOMER, customer_id, sent_values(body.values), body.reason, actor=current_actor(),
        now=current_time(),
    )  # fmt: skip
    return CardOutcome(outcome)


@CUSTOMERS.offers(
    "PUT", "/customers/<customer_id>/consent", CHANGE, "customers",
    Told(N_("Write down what a customer said about being called")),
)  # fmt: skip
def put_consent(customer_id: str, body: ConsentSaid) -> Wishes:
    """It holds at once."""
    _existing(customer_id)
    change_consent(db.session(), customer_id, body.state, body.source, actor=current_actor(), now=current_time())
    return _wishes(customer_id)


@CUSTOMERS.offers(
    "PUT", "/customers/<customer_id>/do-not-contact", CHANGE, "customers",
    Told(N_("Set whether a customer may be contacted at all")),
)  # fmt: skip
def put_do_not_contact(customer_id: str, body: ContactSaid) -> Wishes:
    """It holds at once, in the whole company."""
    _existing(customer_id)
    wish = body.is_do_not_contact
    set_do_not_contact(db.session(), customer_id, is_do_not_contact=wish, actor=current_actor(), now=current_time())
    return _wishes(customer_id)


@CUSTOMERS.offers(
    "POST", "/customers/<customer_id>/copy", Permission.EXPORT_CUSTOMERS, "export",
    Told(N_("Get a copy of a customer's data for that person"), N_("Written down in the customer's history.")),
)  # fmt: skip
def copy_of_customer(customer_id: str) -> CustomerCopy:
    """To hand over."""
    told = copy_for_customer(db.session(), customer_id, actor=current_actor(), now=current_time())
    return CustomerCopy(**told)


@CUSTOMERS.offers(
    "POST", "/customers/export", Permission.EXPORT_CUSTOMERS, "export",
    Told(N_("Take the customers of one's sites away as a table"),
         N_("Written down for each of them, and counts as a look."), files=("text/csv",)),
)  # fmt: skip
def export_of_customers() -> Response:
    """The same table as the page's."""
    return export()


def _existing(customer_id: str) -> None:
    if open_file(customer_id) is None:
        raise CardNotFound


def _version(customer: Customer) -> CardVersion:
    return CardVersion(customer.id, _card(customer))


def _card(customer: Customer) -> CustomerCard:
    return CustomerCard(
        CardTexts(**card_values(db.session(), customer)), customer.verification, list(customer.unverified_fields),
        customer.standing, customer.is_do_not_contact,
    )  # fmt: skip


def _wishes(customer_id: str) -> Wishes:
    said = consents_of(db.session(), customer_id)
    return Wishes(existing_customer(db.session(), customer_id).is_do_not_contact, said[0].state if said else "")


def _listed(row: FoundCustomer) -> ListedCustomer:
    return ListedCustomer(
        row.id, row.name, row.title, row.phone, row.verification, row.standing, row.is_do_not_contact,
        [_vehicle(vehicle) for vehicle in row.vehicles],
    )  # fmt: skip


def _vehicle(vehicle: Any) -> HeldVehicle:
    return HeldVehicle(vehicle.id, vehicle.vin, vehicle.plate, vehicle.model)
