"""Lists that customers are picked from: supplied, sampled, and planned when they are confirmed (B2.四.3-4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import FollowUpList, FollowUpListEntry, Site, Visit
from app.models.follow_up_candidates import Wanted, candidates, visits_by_order
from app.operations.actor import Actor
from app.operations.follow_up_authority import PICKERS, SUPPLIERS, require_one_of
from app.operations.follow_up_occasions import OCCASIONS, Occasion
from app.operations.follow_up_settings import plan_settings
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.notifications import notify
from app.operations.staffing import active_members

LISTED: Mapping[str, Occasion] = {occasion.id: occasion for occasion in OCCASIONS if occasion.source == "list"}
LEVEL_SAMPLED = 2  # of the lists made of first-level calls
GROUNDS = ("", "high_value", "accident", "vip")
ACCIDENT_WORDS = ("事故", "accident")  # as they stand in what was done


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list is to hold: the visits (for the sampling the calls) of some days, or only the orders named."""

    first_day: date
    last_day: date
    amount_from: Decimal | None = None
    words: str = ""
    order_numbers: tuple[str, ...] = ()


def supply_list(
    session: Session, site_id: str, occasion_id: str, wanted: ListFilter, *, actor: Actor, now: datetime
) -> FollowUpList:
    """Make a list of the visits that answer the filter. Raises InvalidInput where there are none, NotAllowed."""
    occasion, site = LISTED.get(occasion_id), session.get(Site, site_id)
    if occasion is None or site is None:
        raise NotFound(N_("There is no such list."))
    require_one_of(session, actor, site_id, SUPPLIERS[occasion.id])
    if wanted.last_day < wanted.first_day:
        refusal = N_("The last day lies before the first.")
        raise InvalidInput(refusal, fields={"last_day": refusal})
    visits = _visits(session, site, occasion, wanted)
    if not visits:
        raise InvalidInput(
            N_("No visit answers this: nobody else of the period may be called, or all are planned already.")
        )
    made = FollowUpList(
        id=new_id(), site_id=site_id, occasion=occasion.id, first_day=wanted.first_day, last_day=wanted.last_day,
        state="supplied", supplied_by=actor.user_id, supplied_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _add(session, made, visits)
    filters = {
        "first_day": wanted.first_day.isoformat(), "last_day": wanted.last_day.isoformat(), "words": wanted.words,
        "amount_from": str(wanted.amount_from or ""), "order_numbers": list(wanted.order_numbers),
    }  # fmt: skip
    tell_of_list(session, made, "follow_up_list_supplied", {"filters": filters, "visits": len(visits)}, actor, now)
    note = f"{wanted.first_day} – {wanted.last_day}"
    pickers = active_members(session, PICKERS[occasion.id], site_id)
    notify(session, pickers, "list_supplied", params={"note": note}, actor=actor, now=now)
    return made


def add_orders(
    session: Session, listed: FollowUpList, numbers: Collection[str], ground: str, *, actor: Actor, now: datetime
) -> int:
    """Add visits by their order numbers; returns how many are new. Raises InvalidInput for unknown ones, NotAllowed."""
    require_one_of(session, actor, listed.site_id, SUPPLIERS[listed.occasion])
    require_open(listed)
    visits = _by_order(session, listed.site_id, LISTED[listed.occasion], tuple(numbers))
    there = select(FollowUpListEntry.visit_id).where(FollowUpListEntry.list_id == listed.id)
    known = frozenset(session.scalars(there))
    new = [visit for visit in visits if visit.id not in known]
    _add(session, listed, new, ground if ground in GROUNDS else "")
    body = {"order_numbers": [visit.order_number for visit in new], "ground": ground}
    tell_of_list(session, listed, "follow_up_list_extended", body, actor, now)
    return len(new)


def wanted_visits(site: Site, occasion: Occasion, wanted: ListFilter) -> Wanted:
    """What the days of a filter ask for, on the clocks of the site."""
    zone = ZoneInfo(site.zone)
    begins, ends = (
        datetime.combine(day, time.min, zone) for day in (wanted.first_day, wanted.last_day + timedelta(days=1))
    )
    return Wanted(
        site.id, occasion.id, begins, ends, is_of_calls=occasion.level == LEVEL_SAMPLED, kind=occasion.visit_kind,
        amount_from=wanted.amount_from, words=wanted.words,
    )  # fmt: skip


def locked_list(session: Session, list_id: str) -> FollowUpList:
    """A list that is about to change. Raises NotFound."""
    found = session.get(FollowUpList, list_id, with_for_update=True)
    if found is None:
        raise NotFound(N_("There is no such list."))
    return found


def require_open(listed: FollowUpList) -> None:
    """Raise InvalidInput where the list was confirmed or withdrawn."""
    if listed.state != "supplied":
        raise InvalidInput(N_("This list was confirmed or withdrawn already: supply a new one."))


def tell_of_list(
    session: Session, listed: FollowUpList, event_type: str, body: Mapping[str, object], actor: Actor, now: datetime,
    reason: str | None = None,
) -> None:  # fmt: skip
    """Write down what was done with a list."""
    session.flush()
    event = Event(event_type, {"list_id": listed.id, "occasion": listed.occasion, **body}, reason=reason)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=listed.site_id)


def _visits(session: Session, site: Site, occasion: Occasion, wanted: ListFilter) -> Sequence[Visit]:
    if wanted.order_numbers:
        return _by_order(session, site.id, occasion, wanted.order_numbers)
    return candidates(session, wanted_visits(site, occasion, wanted))


def _by_order(session: Session, site_id: str, occasion: Occasion, numbers: Sequence[str]) -> Sequence[Visit]:
    visits = visits_by_order(session, site_id, occasion.id, numbers, occasion.visit_kind)
    if missing := sorted(set(numbers) - {visit.order_number for visit in visits}):
        refusal = N_("These orders do not exist here, are planned already, or may not be called: %(orders)s.")
        raise InvalidInput(refusal, fields={"order_numbers": refusal}, orders=", ".join(missing))
    return visits


def _add(session: Session, listed: FollowUpList, visits: Sequence[Visit], ground: str = "") -> None:
    limit = plan_settings(session, listed.site_id).high_value_from
    is_marked = listed.occasion == "quarter_repair"
    session.add_all(
        FollowUpListEntry(
            list_id=listed.id,
            visit_id=visit.id,
            ground=ground or (_ground(visit, limit) if is_marked else ""),
            picked="",
        )
        for visit in visits
    )
    session.flush()


def _ground(visit: Visit, high_value_from: Decimal) -> str:
    """Why the general manager's office may want to call (B2.四.4); VIPs are marked by hand."""
    if any(word in visit.work_done.lower() for word in ACCIDENT_WORDS):
        return "accident"
    return "high_value" if visit.amount is not None and visit.amount >= high_value_from else ""
