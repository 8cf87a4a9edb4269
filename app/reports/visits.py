"""What visits say of the customers: groups, purchases, losses and loyalty (B2.二.5)."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.models import FollowUpResult, Vehicle, Visit
from app.reports.follow_ups import LOST_CONVERSATIONS
from app.reports.month import Month
from app.reports.tally import Counted, Source, Span, midnight

# Yuan, beneath which a repair is of the class; the last class has no bound.
AMOUNT_CLASSES: tuple[tuple[str, int | None], ...] = (
    ("below_500", 500), ("below_2000", 2_000), ("below_5000", 5_000), ("from_5000", None),
)  # fmt: skip
LOYALTY_CLASSES = ("1", "2", "3", "4_or_more")
_MANY_VISITS = len(LOYALTY_CLASSES)

_NO_CASE: ColumnElement[str] = cast(null(), String)
VISITS = Source(
    table=Visit.__table__.join(Vehicle.__table__, Vehicle.id == Visit.vehicle_id),
    site=Visit.site_id,
    moment=Visit.handed_over_at,
    key=Visit.id,
    instance=_NO_CASE,
    is_of_visits=True,
)
MODEL: SQLColumnExpression[str] = Vehicle.model
AMOUNT_CLASS: ColumnElement[str] = case(
    (Visit.amount.is_(None), "unknown"),
    *((Visit.amount < bound, name) for name, bound in AMOUNT_CLASSES if bound is not None),
    else_=AMOUNT_CLASSES[-1][0],
)

_is_repair = Visit.kind == "repair"
VISIT_FIGURES: Mapping[str, Counted] = {
    "repairs": Counted(VISITS, _is_repair),
    "turnover": Counted(
        VISITS,
        and_(_is_repair, Visit.amount.is_not(None)),
        weight=cast(func.round(Visit.amount * 100), BigInteger),
    ),
    "deliveries": Counted(VISITS, Visit.kind == "delivery"),
}

_other = aliased(Visit)


def _visited(*when: ColumnElement[bool]) -> ColumnElement[bool]:
    """The customer has another visit at the site, then."""
    found = exists().where(_other.customer_id == Visit.customer_id, _other.site_id == Visit.site_id, *when)
    return found.correlate(Visit)


_is_earlier = or_(
    _other.handed_over_at < Visit.handed_over_at,
    and_(_other.handed_over_at == Visit.handed_over_at, _other.id < Visit.id),
)
_is_later = or_(
    _other.handed_over_at > Visit.handed_over_at,
    and_(_other.handed_over_at == Visit.handed_over_at, _other.id > Visit.id),
)


def visitor_figures(span: Span, zone: ZoneInfo) -> Mapping[str, Counted]:
    """Customers of the days by their first visit in them: who came for the first time, and who had come before."""
    is_first = ~_visited(_is_earlier, _other.handed_over_at >= midnight(span.first, zone))
    had_come = _visited(_is_earlier)
    return {
        "first_time": Counted(VISITS, and_(is_first, ~had_come), is_first),
        "repeat": Counted(VISITS, and_(is_first, had_come), is_first),
    }


def came_back(span: Span, zone: ZoneInfo, lost_after_months: int) -> Counted:
    """Customers who had been lost when the month began and came in it."""
    lost_since = midnight(_months_before(span.first, lost_after_months), zone)
    is_first = ~_visited(_is_earlier, _other.handed_over_at >= midnight(span.first, zone))
    was_lost = and_(_visited(_is_earlier), ~_visited(_is_earlier, _other.handed_over_at >= lost_since))
    return Counted(VISITS, and_(is_first, was_lost), is_first)


def lost(span: Span, zone: ZoneInfo, lost_after_months: int) -> tuple[Counted, Span]:
    """Customers who became lost in the month, of those not lost when it began; and the days of their last visits."""
    begins, ends = midnight(span.first, zone), midnight(span.behind, zone)
    last_visits = Span(span.name, _months_before(span.first, lost_after_months), span.first)
    became_lost_until = midnight(_months_before(span.behind, lost_after_months), zone)
    counts = and_(
        Visit.handed_over_at < became_lost_until,
        ~_visited(_is_later, _other.handed_over_at < ends),
    )
    return Counted(VISITS, counts, ~_visited(_is_later, _other.handed_over_at < begins)), last_visits


def won_back(span: Span, zone: ZoneInfo) -> tuple[Counted, Span]:
    """Of the lost customers spoken to in the twelve months until then, those who visited afterwards."""
    year = Span(span.name, _months_before(span.behind, 12), span.behind)
    visited = exists().where(
        Visit.customer_id == FollowUpResult.customer_id,
        Visit.site_id == FollowUpResult.site_id,
        Visit.handed_over_at > FollowUpResult.closed_at,
        Visit.handed_over_at < midnight(span.behind, zone),
    )
    return LOST_CONVERSATIONS.part(visited.correlate(FollowUpResult)), year


def loyalty(span: Span, zone: ZoneInfo) -> tuple[Counted, ColumnElement[str], Span]:
    """Customers by how often they came in the twelve months until then, each by the newest visit."""
    year = Span(span.name, _months_before(span.behind, 12), span.behind)
    begins, ends = year.edges(VISITS, zone)
    of_customer = (Visit.site_id, Visit.customer_id)
    ranked = (
        select(
            Visit.id, Visit.site_id, Visit.handed_over_at,
            func.count().over(partition_by=of_customer).label("visits"),
            func.row_number()
            .over(partition_by=of_customer, order_by=(Visit.handed_over_at.desc(), Visit.id.desc()))
            .label("place"),
        )
        .where(Visit.handed_over_at >= begins, Visit.handed_over_at < ends)
        .subquery("ranked_visit")
    )  # fmt: skip
    source = Source(ranked, ranked.c.site_id, ranked.c.handed_over_at, ranked.c.id, _NO_CASE, is_of_visits=True)
    classes = ((ranked.c.visits == count, LOYALTY_CLASSES[count - 1]) for count in range(1, _MANY_VISITS))
    visits = case(*classes, else_=literal(LOYALTY_CLASSES[-1]))
    return Counted(source, ranked.c.place == 1), visits, year


def _months_before(day: date, months: int) -> date:
    """The first day of the month some months before that of `day`, itself a first day."""
    return Month.of(day).plus(-months).first_day
