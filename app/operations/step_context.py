"""What a step of a case may know of the world: the clock given, the site's zone and its working time."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.calendars import WorkingCalendar
from app.engine import Outcome, StepContext, StepMeter
from app.operations.cause import Cause
from app.operations.data_stores import SiteDataStores
from app.operations.definitions import LoadedDefinition
from app.operations.long_steps import PATIENT_LIMITS, Limits
from app.operations.working_calendars import working_calendar_of


class SiteCalendar:
    """The working calendar of a site, read when the first expression asks for it: most steps never do."""

    def __init__(self, session: Session, site_id: str) -> None:
        self._session: Session | None = session
        self._site_id = site_id
        self._loaded: WorkingCalendar | None = None
        self.answers: list[str] = []  # in the order in which they were asked for

    def add_working_days(self, start: datetime, days: Decimal) -> datetime:
        return self._noted(self._calendar().add_working_days(start, days))

    def add_working_hours(self, start: datetime, hours: Decimal) -> datetime:
        return self._noted(self._calendar().add_working_hours(start, hours))

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        hours = self._calendar().working_hours_between(start, end)
        self.answers.append(str(hours))
        return hours

    def day_part(self, moment: datetime) -> str:
        part = self._calendar().day_part(moment)
        self.answers.append(part)
        return part

    def next_other_part(self, start: datetime, parts: Collection[str]) -> datetime:
        return self._noted(self._calendar().next_other_part(start, parts))

    def _noted(self, moment: datetime) -> datetime:
        self.answers.append(moment.isoformat())
        return moment

    def release(self) -> None:
        """Let the session go: the engine keeps a case in memory, with its last context, for the next step."""
        self._session = None

    def _calendar(self) -> WorkingCalendar:
        if self._loaded is None:
            if self._session is None:
                raise LookupError("the step is over: its calendar can no longer be read")
            self._loaded = working_calendar_of(self._session, self._site_id)
        return self._loaded


@contextmanager
def step_context(
    session: Session,
    definition: LoadedDefinition,
    *,
    site_id: str,
    zone: ZoneInfo,
    now: datetime,
    limits: Limits = PATIENT_LIMITS,
) -> Iterator[StepContext]:
    """The context of one step at a site; processes are called, and decisions asked, of the case's own bundle."""
    calendar = SiteCalendar(session, site_id)
    stores = SiteDataStores(session, site_id, definition.data_stores, now)
    try:
        yield StepContext(
            now=now,
            zone=zone,
            calendar=calendar,
            processes=definition.bundle,
            decisions=definition.decisions,
            data_stores=stores,
            max_cpu_seconds=limits.cpu_seconds,
            meter=StepMeter(limits.give_way),
        )
    finally:
        calendar.release()
        stores.release()


def with_surroundings(cause: Cause, outcome: Outcome, context: StepContext) -> Cause:
    """The cause with all else the step depended on, so that it can be played again whatever is changed later."""
    used: dict[str, object] = {"id_seed": outcome.id_seed, "zone": context.zone.key}
    if isinstance(context.calendar, SiteCalendar) and context.calendar.answers:
        used["calendar"] = list(context.calendar.answers)
    if isinstance(context.data_stores, SiteDataStores) and context.data_stores.read:
        used["data_stores"] = dict(context.data_stores.read)
    return replace(cause, facts={**cause.facts, "surroundings": used})
