"""Customers who have not come for months are called once per absence and asked why (A6-8)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.models import PlannedFollowUp, Site, Vehicle, Visit
from app.operations.actor import SYSTEM
from app.operations.follow_up_occasions import OCCASIONS_BY_ID, months_after
from app.operations.follow_up_plan import FollowUpPlanner
from app.operations.follow_up_settings import plan_settings

LOST = OCCASIONS_BY_ID["lost"]
MOST_AT_ONCE = 100
# Who has stayed away for longer is no customer any more; it keeps the first import of old visits from being called.
GIVEN_UP_AFTER_MONTHS = 24


def plan_lost_customers(session: Session, now: datetime) -> int:
    """Plan calls to customers whose absence reached the site's limit; returns how many, 0 when there are no more.

    Only as many as the callers have room for within the month: the others wait, the longest absence first.
    """
    planned = 0
    # Two workers at once plan one after the other.
    for site in session.scalars(select(Site).order_by(Site.id).with_for_update(key_share=True)).all():
        planned += _plan_at(session, site, now)
    return planned


def has_lost_customers(session: Session, now: datetime) -> bool:
    """Whether there may be somebody to plan; it only reads."""
    return any(_lost(session, site, now, 1) for site in session.scalars(select(Site)).all())


def waiting_lost_customers(session: Session, site: Site, now: datetime) -> int:
    """How many wait until the callers have room, up to `MOST_AT_ONCE`; it only reads."""
    return len(_lost(session, site, now, MOST_AT_ONCE))


def _plan_at(session: Session, site: Site, now: datetime) -> int:
    visits = _lost(session, site, now, MOST_AT_ONCE)
    if not visits:
        return 0
    planner = FollowUpPlanner(session, site, actor=SYSTEM, now=now)
    days = (months_after(planner.today, 1) - planner.today).days
    room = sum(planner.room_on(LOST.level, planner.today + timedelta(days=number)) for number in range(days + 1))
    for visit in visits[:room]:
        planner.plan(visit, LOST)
    session.flush()
    return min(room, len(visits))


def _lost(session: Session, site: Site, now: datetime, count: int) -> list[Visit]:
    """The last visits of customers who came nowhere in the company since, whose car is still theirs."""
    zone = ZoneInfo(site.zone)
    today = now.astimezone(zone).date()
    months = plan_settings(session, site.id).lost_after_months
    later = aliased(Visit)
    query = (
        select(Visit)
        .join(Vehicle, Vehicle.id == Visit.vehicle_id)
        .where(
            Visit.site_id == site.id,
            Visit.handed_over_at < _midnight(months_after(today, -months), zone),
            Visit.handed_over_at >= _midnight(months_after(today, -GIVEN_UP_AFTER_MONTHS - months), zone),
            Vehicle.holder_id == Visit.customer_id,
            ~exists().where(
                later.customer_id == Visit.customer_id,
                (later.handed_over_at > Visit.handed_over_at)
                | ((later.handed_over_at == Visit.handed_over_at) & (later.id > Visit.id)),
            ),
            ~exists().where(PlannedFollowUp.visit_id == Visit.id, PlannedFollowUp.occasion == LOST.id),
        )
    )
    return list(session.scalars(query.order_by(Visit.handed_over_at, Visit.id).limit(count)))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The end of the day: an absence is as long as the months when its last day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)
