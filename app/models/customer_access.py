"""Who may know of which customer and vehicle: need-to-know by group and site (A36), the one rule of all lists.

Persons and vehicles are company-wide, but whoever works elsewhere only learns that somebody is known.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.customer import Customer, Vehicle, Visit
from app.models.four_eyes import SecondPairOfEyes
from app.models.organisation import Membership
from app.models.process_instance import ProcessInstance
from app.models.visibility import AUDITORS

FILE_CHANGERS = frozenset({
    "service_advisor", "cr_advisor", "customer_service", "customer_service_manager", "service_manager",
    "business_manager", "records_clerk", "department_head",
})  # fmt: skip
FILE_READERS = FILE_CHANGERS | {"gm_office", "general_manager", AUDITORS}


def is_live(of: type[Customer] = Customer) -> ColumnElement[bool]:
    """That a customer has a file of their own: neither erased nor merged into another one."""
    return of.erased_at.is_(None) & of.merged_into_id.is_(None)


def may_know_customer(
    user_id: str, groups: Collection[str] = FILE_READERS, of: type[Customer] = Customer
) -> ColumnElement[bool]:
    """That a person, in one of these groups, works at a site that keeps a customer or had a visit or case of them.

    Arguments: of, `Customer` as the statement names it.
    """
    return or_(
        _works_at(user_id, groups, of.site_id),
        exists().where(Visit.customer_id == of.id, _works_at(user_id, groups, Visit.site_id)),
        exists().where(ProcessInstance.customer_id == of.id, _works_at(user_id, groups, ProcessInstance.site_id)),
    )


def may_know_vehicle(user_id: str, groups: Collection[str] = FILE_READERS) -> ColumnElement[bool]:
    """The same of `Vehicle`: through the site that keeps it, its visits and cases, or the person who holds it."""
    return or_(
        _works_at(user_id, groups, Vehicle.site_id),
        exists().where(Visit.vehicle_id == Vehicle.id, _works_at(user_id, groups, Visit.site_id)),
        exists().where(ProcessInstance.vehicle_id == Vehicle.id, _works_at(user_id, groups, ProcessInstance.site_id)),
        exists(select(Customer.id).where(Customer.id == Vehicle.holder_id, may_know_customer(user_id, groups))),
    )


def customer_sites(session: Session, customer_id: str) -> frozenset[str]:
    """The sites that have something to do with a customer."""
    return _sites(
        session,
        select(Customer.site_id).where(Customer.id == customer_id, Customer.site_id.is_not(None)),
        select(Visit.site_id).where(Visit.customer_id == customer_id),
        select(ProcessInstance.site_id).where(ProcessInstance.customer_id == customer_id),
    )


def vehicle_sites(session: Session, vehicle: Vehicle) -> frozenset[str]:
    """The sites that have something to do with a vehicle or with the person who holds it."""
    found = _sites(
        session,
        select(Vehicle.site_id).where(Vehicle.id == vehicle.id, Vehicle.site_id.is_not(None)),
        select(Visit.site_id).where(Visit.vehicle_id == vehicle.id),
        select(ProcessInstance.site_id).where(ProcessInstance.vehicle_id == vehicle.id),
    )
    return found | (customer_sites(session, vehicle.holder_id) if vehicle.holder_id else frozenset())


def member_sites(session: Session, user_id: str, groups: Collection[str]) -> set[str]:
    """The sites where a person is in one of these groups."""
    mine = select(Membership.site_id).where(Membership.user_id == user_id, Membership.group_id.in_(sorted(groups)))
    return set(session.scalars(mine))


def working_sites(session: Session, user_id: str, groups: Collection[str]) -> list[str]:
    """The sites where a person is in one of these groups, and those they are the second pair of eyes of."""
    found = member_sites(session, user_id, groups)
    if found:
        found |= set(session.scalars(select(SecondPairOfEyes.site_id).where(SecondPairOfEyes.user_id == user_id)))
    return sorted(found)


def helps_out_at(session: Session, user_id: str, site_ids: Collection[str]) -> bool:
    """Whether a person is the second pair of eyes of one of these sites."""
    row = SecondPairOfEyes
    query = select(row.user_id).where(row.user_id == user_id, row.site_id.in_(site_ids))
    return session.execute(query.limit(1)).first() is not None


def _sites(session: Session, *queries: object) -> frozenset[str]:
    return frozenset(site for query in queries for site in session.scalars(query))  # type: ignore[call-overload]


def _works_at(
    user_id: str, groups: Collection[str], site_id: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """In one of the groups at the site, or in one of them elsewhere and the site's second pair of eyes."""
    mine = exists().where(Membership.user_id == user_id, Membership.group_id.in_(sorted(groups)))
    helps = exists().where(SecondPairOfEyes.user_id == user_id, SecondPairOfEyes.site_id == site_id)
    return or_(mine.where(Membership.site_id == site_id), helps & mine)
