"""The facts column: customer, vehicle, visit and earlier contacts, in words for a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from flask import url_for
from flask_babel import format_decimal

from app.extensions import db
from app.models.customer import Customer, Vehicle, Visit
from app.models.customer_facts import CustomerFacts, EarlierContact
from app.models.display_names import definition_names
from app.web.case_states import state_name
from app.web.current import current_person
from app.web.human_times import HumanTime, day, describe_moment
from app.web.permissions import Permission, sites_with
from app.web.texts import gettext

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A block of the column: pairs of label and value, perhaps a longer text below."""

    key: str
    icon: str
    title: str
    pairs: list[Pair]
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownCustomer:
    """The person to call."""

    name: str
    phone: str
    notes: list[str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownContact:
    """Another case of the customer."""

    url: str
    title: str
    text: str
    when: HumanTime


@dataclass(frozen=True, slots=True)
class ShownFacts:
    """The whole column."""

    customer: ShownCustomer | None
    warning: str
    sections: list[Section] = field(default_factory=list)
    contacts: list[ShownContact] = field(default_factory=list)


def show_facts(facts: CustomerFacts, now: datetime, zone: tzinfo, locale: str) -> ShownFacts | None:
    """The column for a case, None where the case has neither customer nor vehicle nor visit."""
    if not (facts.customer or facts.vehicle or facts.visit):
        return None
    is_unwanted = facts.customer is not None and facts.customer.is_do_not_contact
    sections = [
        *([_vehicle(facts.vehicle, is_linked=_may_open_files(facts.site_id))] if facts.vehicle else []),
        *([_visit(facts.visit, zone, locale)] if facts.visit else []),
    ]
    return ShownFacts(
        customer=_customer(facts.customer, facts.visit, is_linked=_may_open_files(facts.site_id))
        if facts.customer
        else None,
        warning=gettext("This customer does not want to be contacted.") if is_unwanted else "",
        sections=sections,
        contacts=_contacts(facts.contacts, now, zone, locale),
    )


def polite_name(name: str, title: str) -> str:
    """A customer's name with the title as the reader's language puts it."""
    if title == "mr":
        return gettext("Mr %(name)s", name=name)
    if title == "ms":
        return gettext("Ms %(name)s", name=name)
    return name


def _may_open_files(site_id: str) -> bool:
    """Whether the person reads customer files at the site of the case."""
    return site_id in sites_with(current_person(), Permission.READ_CUSTOMERS)


def _customer(customer: Customer, visit: Visit | None, *, is_linked: bool) -> ShownCustomer:
    notes = []
    if visit and visit.best_time:
        notes.append(gettext("Best time: %(time)s", time=visit.best_time))
    if visit and visit.sent_in_by and visit.sent_in_by != customer.name:
        notes.append(gettext("The car was brought by %(name)s", name=visit.sent_in_by))
    if visit and visit.contact_phone and visit.contact_phone != customer.phone:
        notes.append(gettext("Number left at the visit: %(phone)s", phone=visit.contact_phone))
    if customer.verification == "unverified":
        notes.append(gettext("Data not verified yet"))
    is_linked = is_linked and customer.erased_at is None
    url = url_for("customer_page.show", customer_id=customer.id) if is_linked else ""
    return ShownCustomer(polite_name(customer.name, customer.title), customer.phone, notes, url)


def _vehicle(vehicle: Vehicle, *, is_linked: bool) -> Section:
    pairs = [
        (gettext("Plate"), vehicle.plate or ""), (gettext("Model"), vehicle.model), (gettext("VIN"), vehicle.vin)
    ]
    url = url_for("vehicle_page.show", vehicle_id=vehicle.id) if is_linked else ""
    return Section("vehicle", "car", gettext("Vehicle"), _filled(pairs), url=url)


def _visit(visit: Visit, zone: tzinfo, locale: str) -> Section:
    title = gettext("Delivery") if visit.kind == "delivery" else gettext("Repair order")
    pairs = [
        (gettext("Number"), visit.order_number),
        (gettext("Handed over"), day(visit.handed_over_at, zone, locale)),
        (gettext("Advisor"), visit.advisor),
        (gettext("Mileage"), gettext("%(number)s km", number=format_decimal(visit.mileage)) if visit.mileage else ""),
        (gettext("Amount"), f"¥{visit.amount:,.2f}" if visit.amount is not None else ""),
    ]
    icon = "wrench" if visit.kind == "repair" else "calendar-check"
    return Section("visit", icon, title, _filled(pairs), visit.work_done)


def _contacts(
    contacts: Sequence[EarlierContact], now: datetime, zone: tzinfo, locale: str
) -> list[ShownContact]:
    names = definition_names(db.session(), {contact.definition_id for contact in contacts})
    return [
        ShownContact(
            url=url_for("cases.show", instance_id=contact.instance_id),
            title=names[contact.definition_id].process(locale) if contact.definition_id in names else contact.title,
            text=f"{contact.case_number} · {state_name(contact.state)}",
            when=describe_moment(contact.started_at, now, zone, locale),
        )
        for contact in contacts
    ]


def _filled(pairs: Sequence[Pair]) -> list[Pair]:
    return [(label, value) for label, value in pairs if value]
