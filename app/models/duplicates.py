"""Files that may be of one customer: the same phone, the same vehicle, or the same name with nearly the same phone."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Label, Select, SQLColumnExpression, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.models.customer import Customer, VehicleHolding
from app.models.customer_access import is_live, may_know_customer
from app.models.customer_file import DuplicatePair
from app.models.paging import list_page

SAME_DIGITS = 7  # of eleven, at the beginning or the end: one typed wrongly
PAIRS = 20
# The same two at every call: the cursor of a page is read from its rows by them.
_FIRST, _SECOND = aliased(Customer), aliased(Customer)


@dataclass(frozen=True, slots=True)
class PossiblePair:
    """Two files side by side; `reasons` of phone, vehicle, name."""

    first: Customer
    second: Customer
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairPage:
    """A page of them."""

    rows: tuple[PossiblePair, ...]
    next_cursor: str | None


def possible_pairs(session: Session, user_id: str, groups: Collection[str], *, after: str | None = None) -> PairPage:
    """Pairs nobody decided on yet; both files are of sites where the person is in one of these groups."""
    first, second = _FIRST, _SECOND
    found = union(_same_phone(), _same_vehicle(), _same_beginning(), _same_end()).subquery()
    decided = exists().where(
        DuplicatePair.undone_at.is_(None),
        or_(
            and_(DuplicatePair.kept_id == first.id, DuplicatePair.other_id == second.id),
            and_(DuplicatePair.kept_id == second.id, DuplicatePair.other_id == first.id),
        ),
    )
    statement = (
        select(first.id, second.id)
        .select_from(found)
        .join(first, first.id == found.c.first_id)
        .join(second, second.id == found.c.second_id)
        .where(~decided, may_know_customer(user_id, groups, first), may_know_customer(user_id, groups, second))
    )
    page = list_page(session, statement, (first.id, second.id), after=after, size=PAIRS)
    return PairPage(tuple(_pair(session, *row) for row in page.rows), page.next_cursor)


def has_possible_twin(session: Session, user_id: str, groups: Collection[str], customer: Customer) -> bool:
    """Whether another file has the same phone, or the same name with nearly the same phone; asked on every page."""
    decided = select(DuplicatePair.kept_id, DuplicatePair.other_id).where(
        DuplicatePair.undone_at.is_(None),
        or_(DuplicatePair.kept_id == customer.id, DuplicatePair.other_id == customer.id),
    )
    known = {customer_id for pair in session.execute(decided) for customer_id in pair} | {customer.id}
    others = select(Customer.id, Customer.phone).where(
        or_(Customer.phone == customer.phone, Customer.name == customer.name),
        is_live(),
        may_know_customer(user_id, groups),
    )
    return any(
        customer_id not in known and _is_nearly(phone, customer.phone) for customer_id, phone in session.execute(others)
    )


def _is_nearly(phone: str, other: str) -> bool:
    return bool(phone) and (phone[:SAME_DIGITS] == other[:SAME_DIGITS] or phone[-SAME_DIGITS:] == other[-SAME_DIGITS:])


def _pair(session: Session, first_id: str, second_id: str) -> PossiblePair:
    first, second = session.get_one(Customer, first_id), session.get_one(Customer, second_id)
    reasons = {
        "phone": first.phone == second.phone and bool(first.phone),
        "name": first.name == second.name,
        "vehicle": bool(_vehicles(session, first_id) & _vehicles(session, second_id)),
    }
    return PossiblePair(first, second, tuple(reason for reason, holds in reasons.items() if holds))


def _vehicles(session: Session, customer_id: str) -> set[str]:
    return set(session.scalars(select(VehicleHolding.vehicle_id).where(VehicleHolding.customer_id == customer_id)))


def _same_phone() -> Select[str, str]:
    return _sharing(lambda of: (of.phone,), lambda of: of.phone != "")


def _same_beginning() -> Select[str, str]:
    return _sharing(lambda of: (of.name, func.substr(of.phone, 1, SAME_DIGITS)), _is_long_enough)


def _same_end() -> Select[str, str]:
    return _sharing(lambda of: (of.name, _end_of(of.phone)), _is_long_enough)


def _end_of(phone: SQLColumnExpression[str]) -> ColumnElement[str]:
    return func.substr(phone, func.length(phone) - SAME_DIGITS + 1)


def _is_long_enough(of: type[Customer]) -> ColumnElement[bool]:
    return func.length(of.phone) > SAME_DIGITS


def _same_vehicle() -> Select[str, str]:
    """Two who held one vehicle and whose names begin alike: 王先生 and 王伟, not a buyer and the one before."""
    first, second = aliased(Customer), aliased(Customer)
    each, mine, theirs = aliased(VehicleHolding), aliased(VehicleHolding), aliased(VehicleHolding)
    shared = select(each.vehicle_id).group_by(each.vehicle_id).having(func.count() > 1).subquery()
    return (
        select(first.id.label("first_id"), second.id.label("second_id"))
        .select_from(shared)
        .join(mine, mine.vehicle_id == shared.c.vehicle_id)
        .join(theirs, and_(theirs.vehicle_id == mine.vehicle_id, theirs.customer_id > mine.customer_id))
        .join(first, first.id == mine.customer_id)
        .join(second, second.id == theirs.customer_id)
        .where(func.substr(first.name, 1, 1) == func.substr(second.name, 1, 1), is_live(first), is_live(second))
    )


def _sharing(
    key_of: Callable[[type[Customer]], Sequence[SQLColumnExpression[str]]],
    condition: Callable[[type[Customer]], ColumnElement[bool]],
) -> Select[str, str]:
    """Pairs of files with one key; only keys that several have are looked at, found by reading an index alone.

    Arguments: key_of, the parts of the key; condition, which files have one. All files beside all others took seconds.
    """
    each, first, second = aliased(Customer), aliased(Customer), aliased(Customer)
    keys: list[Label[str]] = [part.label(f"key_{number}") for number, part in enumerate(key_of(each))]
    shared = select(*keys).where(condition(each)).group_by(*keys).having(func.count() > 1).subquery()

    def has_key(of: type[Customer]) -> ColumnElement[bool]:
        return and_(*(part == shared.c[f"key_{number}"] for number, part in enumerate(key_of(of))))

    return (
        select(first.id.label("first_id"), second.id.label("second_id"))
        .select_from(shared)
        .join(first, has_key(first))
        .join(second, and_(has_key(second), second.id > first.id))
        .where(is_live(first), is_live(second), condition(first), condition(second))
    )
