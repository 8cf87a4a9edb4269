"""The plan of follow-ups: made from visits, started on their day (A10, domain page 2.1)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.calendars import WorkingCalendar
from app.identifiers import new_id
from app.models import Customer, PlannedFollowUp, Site, Visit
from app.operations.actor import Actor
from app.operations.customers import consent_state
from app.operations.follow_up_crew import crew_of
from app.operations.follow_up_occasions import OCCASIONS, Occasion, VisitDates
from app.operations.follow_up_spreading import Call, Crew
from app.operations.history import Event, append_events, customer_stream
from app.operations.jobs import enqueue
from app.operations.working_calendars import working_calendar_of

DAY_BEGINS = time(8)
START_JOB = "start_follow_up"
FARTHEST = timedelta(days=500)  # beyond the last day of what a delivery brings about


class FollowUpPlanner:
    """Plans follow-ups of one site in one transaction: it reads what the callers have to do once only.

    What may not or can no longer be made is planned as skipped, with the reason, so that the plan shows it.
    """

    def __init__(self, session: Session, site: Site, *, actor: Actor, now: datetime) -> None:
        self._session = session
        self._site = site
        self._zone = ZoneInfo(site.zone)
        self._actor = actor
        self._now = now
        self.today = now.astimezone(self._zone).date()
        self._calendar: WorkingCalendar = working_calendar_of(session, site.id)
        self._crews: dict[int, Crew] = {}

    def plan_visit(self, visit: Visit) -> Sequence[PlannedFollowUp]:
        """Plan every follow-up that a visit itself brings about."""
        return [
            self.plan(visit, occasion)
            for occasion in OCCASIONS
            if occasion.source == "visit" and occasion.visit_kind == visit.kind
        ]

    def plan(self, visit: Visit, occasion: Occasion, *, list_id: str | None = None) -> PlannedFollowUp:
        """Plan one follow-up of a visit, on the day of its window when there is least to do."""
        handed_over_on = visit.handed_over_at.astimezone(self._zone).date()
        dates = VisitDates(handed_over_on, visit.invoiced_on, self._site.is_outlet, self.today)
        # What falls due on a day off moves to the next working day (domain page, section 4).
        first, last = (self._calendar.next_working_day(day) for day in occasion.window(dates))
        reason = reason_to_skip(self._session, visit, last, self.today)
        follow_up = PlannedFollowUp(
            id=new_id(),
            site_id=visit.site_id,
            visit_id=visit.id,
            customer_id=visit.customer_id,
            vehicle_id=visit.vehicle_id,
            occasion=occasion.id,
            level=occasion.level,
            first_on=first,
            planned_on=first,
            latest_on=last,
            state="skipped" if reason else "planned",
            skip_reason=reason,
            list_id=list_id,
        )
        if not reason:
            place = self.crew(occasion.level).place(Call(follow_up.id, first, last), self.today)
            follow_up.planned_on, follow_up.advisor_id = place.day, place.caller_id
        self._session.add(follow_up)
        if not reason:
            enqueue_start(self._session, follow_up, self._zone, self._now)
        self._tell(follow_up)
        return follow_up

    def crew(self, level: int) -> Crew:
        """The crew of a level, with what was planned meanwhile."""
        if level not in self._crews:
            self._crews[level] = crew_of(
                self._session, self._site, self._calendar, level, self.today, self.today + FARTHEST
            )
        return self._crews[level]

    def room_on(self, level: int, day: date) -> int:
        """How many more calls of a level can be made on a day; none on a day off."""
        return self.crew(level).room_on(day) if self._calendar.is_working_day(day) else 0

    def _tell(self, follow_up: PlannedFollowUp) -> None:
        body = {
            "planned_follow_up_id": follow_up.id,
            "visit_id": follow_up.visit_id,
            "occasion": follow_up.occasion,
            "level": follow_up.level,
            "planned_on": follow_up.planned_on.isoformat(),
            "latest_on": follow_up.latest_on.isoformat(),
            "skip_reason": follow_up.skip_reason,
            "caller": follow_up.advisor_id,
            "list_id": follow_up.list_id,
        }
        append_events(
            self._session,
            customer_stream(follow_up.customer_id),
            [Event("follow_up_planned", body=body)],
            actor=self._actor,
            now=self._now,
            site_id=follow_up.site_id,
        )


def enqueue_start(session: Session, follow_up: PlannedFollowUp, zone: ZoneInfo, now: datetime) -> None:
    """Let the case begin on the planned day. Of a follow-up that was moved only the job of its new day does so."""
    enqueue(
        session,
        START_JOB,
        {"planned_follow_up_id": follow_up.id},
        run_at=max(datetime.combine(follow_up.planned_on, DAY_BEGINS, zone), now),
        now=now,
        site_id=follow_up.site_id,
    )


def reason_to_skip(session: Session, visit: Visit, last: date, today: date) -> str | None:
    """Why a customer is not called: asked when the call is planned and again when it begins."""
    customer = session.get_one(Customer, visit.customer_id)
    consent = consent_state(session, customer.id)
    if customer.is_do_not_contact:
        return "do_not_contact"
    if customer.standing == "lost_contact":
        return "lost_contact"
    if consent in ("refused", "withdrawn"):
        return "refused"
    # Only repair customers are asked for their consent beforehand (A5-6).
    if visit.kind == "repair" and consent != "given":
        return "no_consent"
    return "past" if last < today else None
