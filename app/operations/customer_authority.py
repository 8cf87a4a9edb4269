"""Who may do what with customer and vehicle files, asked by every operation on them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotAllowed, NotFound
from app.i18n import N_
from app.models import Customer, Membership, Vehicle
from app.models.customer_access import FILE_READERS, customer_sites, helps_out_at, vehicle_sites
from app.models.filed_card import CUSTOMER, VEHICLE
from app.operations.actor import Actor
from app.operations.authority import refuse_auditor

# The heads of departments (各级主管): they check cards and review what is asked for.
REVIEWERS = frozenset({"department_head", "service_manager", "business_manager", "customer_service_manager"})
FILERS = frozenset({"records_clerk", "customer_service", "customer_service_manager", "department_head"})
MERGERS = REVIEWERS | {"records_clerk"}
EXPORTERS = frozenset({"customer_service_manager", "general_manager"})


class CardNotFound(NotFound):
    """There is no such card, or this person may not know of it."""

    def __init__(self) -> None:
        super().__init__(N_("This file does not exist, or you may not see it."))


def existing_card(session: Session, kind: str, card_id: str, *, is_locked: bool = False) -> Customer | Vehicle:
    """The card of a customer or vehicle; raises CardNotFound."""
    if kind == VEHICLE:
        return existing_vehicle(session, card_id, is_locked=is_locked)
    if kind == CUSTOMER:
        return existing_customer(session, card_id, is_locked=is_locked)
    raise CardNotFound


def existing_customer(session: Session, customer_id: str, *, is_locked: bool = False) -> Customer:
    """The customer; raises CardNotFound, also for who was erased or merged into another."""
    customer = session.get(Customer, customer_id, with_for_update=is_locked, populate_existing=is_locked)
    if customer is None or customer.erased_at is not None or customer.merged_into_id is not None:
        raise CardNotFound
    return customer


def existing_vehicle(session: Session, vehicle_id: str, *, is_locked: bool = False) -> Vehicle:
    """The vehicle; raises CardNotFound."""
    vehicle = session.get(Vehicle, vehicle_id, with_for_update=is_locked, populate_existing=is_locked)
    if vehicle is None:
        raise CardNotFound
    return vehicle


def require_at_card(
    session: Session, card: Customer | Vehicle, allowed: Collection[str], *, actor: Actor, may_help_out: bool = False
) -> None:
    """Only who is in one of these groups at a site that has to do with the card; the system itself always may.

    Arguments: may_help_out, whether second pairs of eyes of such a site may too, being in the group elsewhere.
    Raises CardNotFound for who may not know of it, NotAllowed, AuditorsChangeNothing.
    """
    if actor.kind == "system":
        return
    sites = customer_sites(session, card.id) if isinstance(card, Customer) else vehicle_sites(session, card)
    memberships = session.execute(
        select(Membership.group_id, Membership.site_id).where(Membership.user_id == actor.user_id)
    ).all()
    here = frozenset(group for group, site in memberships if site in sites)
    refuse_auditor(here)
    if here & frozenset(allowed):
        return
    helps = may_help_out and {group for group, _ in memberships} & frozenset(allowed)
    if helps and helps_out_at(session, actor.user_id, sites):
        return
    if not here & FILE_READERS:
        raise CardNotFound
    raise NotAllowed(N_("Your groups do not allow this with this file."))
