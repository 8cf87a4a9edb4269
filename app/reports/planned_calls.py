"""Planned calls against those really made (A109: 确实执行查核工作), by occasion, week and caller."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.i18n import N_
from app.models import FollowUpResult, PlannedFollowUp, UserTask
from app.reports.follow_ups import CALLED_OFF

CALL_ELEMENT = "Activity_Call"  # of the process follow_up: each attempt is a user task of its own
# In the order of the columns. As in the monthly report what was called off stays due; who may not be called never was.
FIGURES: Mapping[str, str] = {
    "due": N_("Calls due"),
    "started": N_("Calls begun"),
    "in_time": N_("Made in time"),
    "late": N_("Made late"),
    "not_made": N_("Not made"),
    "called_off": N_("Called off"),
    "pending": N_("Still to be made"),
    "skipped": N_("Not to be called"),
}


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A planned call with the moment of the first attempt, if there was one."""

    id: str
    occasion: str
    caller_id: str | None
    latest_on: date
    state: str
    skip_reason: str | None
    made_at: datetime | None

    def figures(self, today: date, zone: ZoneInfo) -> frozenset[str]:
        """The figures it counts in."""
        if self.state == "skipped":
            return frozenset({"due", CALLED_OFF} if self.skip_reason == CALLED_OFF else {"skipped"})
        begun = {"due", "started"} if self.state in ("started", "closed") else {"due"}
        if self.made_at is not None:
            is_late = self.made_at.astimezone(zone).date() > self.latest_on
            return frozenset(begun | {"late" if is_late else "in_time"})
        return frozenset(begun | {"not_made" if self.latest_on < today else "pending"})

    @property
    def week(self) -> date:
        """The Monday of the week in which it was due."""
        return self.latest_on - timedelta(days=self.latest_on.weekday())


Key = Callable[[PlannedCall], str]
CUTS: Mapping[str, Key] = {
    "occasion": lambda call: call.occasion,
    "week": lambda call: call.week.isoformat(),
    "caller": lambda call: call.caller_id or "",
}
CUT_NAMES: Mapping[str, str] = {"occasion": N_("By occasion"), "week": N_("By week"), "caller": N_("By caller")}


@dataclass(frozen=True, slots=True)
class MadeRow:
    """The figures of one occasion, week or caller."""

    key: str
    counts: Mapping[str, int]

    @property
    def rate(self) -> int | None:
        """Made in time of those due that are not still to be made, in percent."""
        over = self.counts["due"] - self.counts["pending"]
        return round(100 * self.counts["in_time"] / over) if over else None


def planned_calls(session: Session, site_id: str, first: date, last: date) -> list[PlannedCall]:
    """The calls of a site whose latest day lies between two days."""
    attempts = (
        select(UserTask.instance_id, func.min(UserTask.ended_at).label("first_at"))
        .join(PlannedFollowUp, PlannedFollowUp.instance_id == UserTask.instance_id)
        .where(
            PlannedFollowUp.site_id == site_id,
            PlannedFollowUp.latest_on.between(first, last),
            UserTask.element_id == CALL_ELEMENT,
            UserTask.state == "completed",
        )
        .group_by(UserTask.instance_id)
        .subquery()
    )
    query = (
        select(
            PlannedFollowUp.id, PlannedFollowUp.occasion, PlannedFollowUp.advisor_id, PlannedFollowUp.latest_on,
            PlannedFollowUp.state, PlannedFollowUp.skip_reason, attempts.c.first_at, FollowUpResult.closed_at,
        )
        .outerjoin(attempts, attempts.c.instance_id == PlannedFollowUp.instance_id)
        .outerjoin(
            FollowUpResult,
            and_(FollowUpResult.planned_follow_up_id == PlannedFollowUp.id, FollowUpResult.attempts > 0),
        )
        .where(PlannedFollowUp.site_id == site_id, PlannedFollowUp.latest_on.between(first, last))
        .order_by(PlannedFollowUp.latest_on, PlannedFollowUp.id)
    )  # fmt: skip
    return [
        PlannedCall(
            row.id, row.occasion, row.advisor_id, row.latest_on, row.state, row.skip_reason,
            made_at=row.first_at or row.closed_at,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def made_rows(calls: Iterable[PlannedCall], key: Key, today: date, zone: ZoneInfo) -> Sequence[MadeRow]:
    """The figures cut by `key`, in the order of the keys."""
    counts: dict[str, Counter[str]] = {}
    for call in calls:
        counts.setdefault(key(call), Counter()).update(call.figures(today, zone))
    return [MadeRow(name, Counter(counts[name])) for name in sorted(counts)]
