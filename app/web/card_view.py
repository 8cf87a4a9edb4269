"""A card as its page shows it: the filled fields, how far it is checked and by whom, what the person may do with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.extensions import db
from app.models import CardRequest, Customer, FileStep, Vehicle
from app.models.customer_access import customer_sites, helps_out_at, vehicle_sites
from app.models.customer_file_facts import open_request_of
from app.operations.card_fields import card_values, fields_of
from app.operations.card_requests import content_of
from app.operations.file_steps import Card, kind_of, people_since_filed
from app.web.current import current_person
from app.web.customer_words import REQUESTS, STEPS, VERIFICATIONS, label_of, value_of
from app.web.human_times import HumanTime
from app.web.past_moments import past_moment
from app.web.people_names import acting_name, actor_names, name_of
from app.web.permissions import Permission, is_read_only, permissions_of, sites_with
from app.web.texts import gettext


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field; `is_open` where its change was not checked yet."""

    name: str
    label: str
    text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    """Who did what with the card."""

    text: str
    when: HumanTime


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A line of what is asked for."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """What somebody asked for; `can_decide` and `can_take_back` are this person's."""

    id: str
    kind: str
    reason: str
    who: str
    when: HumanTime
    changes: list[AskedChange]
    can_decide: bool
    can_take_back: bool


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything a page shows of a card."""

    kind: str
    id: str
    fields: list[ShownField]
    verification: str
    tone: str
    steps: list[ShownStep]
    request: ShownRequest | None
    is_filed: bool
    can_change: bool
    can_verify: bool
    can_file: bool
    full_check: HumanTime | None


def card_view(card: Card) -> CardView:
    """The card with what the signed-in person may do; the server asks again when it is done."""
    state, tone = VERIFICATIONS[card.verification]
    steps = people_since_filed(db.session(), card)
    mine = {step.step for step in steps if current_person().id in (step.user_id, step.on_behalf_of_id)}
    request = open_request_of(db.session(), kind_of(card), card.id)
    return CardView(
        kind=kind_of(card),
        id=card.id,
        fields=_fields(card),
        verification=gettext(state),
        tone=tone,
        steps=show_steps(steps),
        request=show_request(request, card) if request else None,
        is_filed=card.verification == "filed",
        can_change=may(card, Permission.CHANGE_CUSTOMERS),
        can_verify=card.verification == "unverified" and not mine and may(card, Permission.REVIEW_CUSTOMERS),
        can_file=card.verification == "verified" and not mine and may(card, Permission.FILE_CUSTOMERS),
        full_check=past_moment(card.fully_checked_at) if card.fully_checked_at else None,
    )


def may(card: Card, permission: Permission) -> bool:
    """Whether to offer something: the person has the permission at a site of the card, or helps out there."""
    person = current_person()
    if is_read_only(person) or permission not in permissions_of(person):
        return False
    sites = customer_sites(db.session(), card.id) if isinstance(card, Customer) else vehicle_sites(db.session(), card)
    return bool(sites & sites_with(person, permission)) or helps_out_at(db.session(), person.id, sites)


def show_steps(steps: Iterable[FileStep]) -> list[ShownStep]:
    """Who did what, in words; who did the same several times once, the last time."""
    found = list({(step.step, step.user_id, step.on_behalf_of_id): step for step in steps}.values())
    names = actor_names({person for step in found for person in (step.user_id, step.on_behalf_of_id)})
    return [
        ShownStep(
            gettext(STEPS[step.step], who=acting_name(step.user_id, step.on_behalf_of_id, names)), past_moment(step.at)
        )
        for step in found
    ]


def show_request(request: CardRequest, card: Card) -> ShownRequest:
    """What somebody asked for, with whether this person may decide."""
    content = content_of(db.session(), request)
    people = {request.requested_by, request.requested_for} - {None}
    is_own = current_person().id in people
    names = actor_names(people)
    changes = content.changes.items() if content else ()
    return ShownRequest(
        id=request.id,
        kind=gettext(REQUESTS[request.kind]),
        reason=content.reason if content else "",
        who=name_of(request.requested_by, names),
        when=past_moment(request.requested_at),
        changes=[
            AskedChange(label_of(name), _said(name, both["old"]), _said(name, both["new"])) for name, both in changes
        ],
        can_decide=not is_own and may(card, Permission.REVIEW_CUSTOMERS),
        can_take_back=is_own,
    )


def _fields(card: Card) -> list[ShownField]:
    values = card_values(db.session(), card)
    return [
        ShownField(name, label_of(name), value_of(name, values[name]), name in card.unverified_fields)
        for name in fields_of(card)
        if name != "holder"
    ]


def _said(name: str, text: str) -> str:
    if name == "holder" and text:
        holder = db.session().get(Customer, text)
        return holder.name if holder else ""
    return value_of(name, text)


def vehicle_name(vehicle: Vehicle) -> str:
    """What a vehicle is called: its plate, else the end of its VIN."""
    return vehicle.plate or f"…{vehicle.vin[-6:]}"
