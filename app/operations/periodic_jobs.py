"""Work that every worker does again and again, whether or not anybody asked for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import Job
from app.models.prepared import table_of
from app.operations.attachment_jobs import rescan_files, sweep_files
from app.operations.clocks_watched import has_clocks_to_watch, watch_clocks
from app.operations.due_dates_told import has_due_dates_to_tell, tell_of_due_dates
from app.operations.history_sealing import seal_history
from app.operations.holidays_told import has_missing_holidays_to_tell, tell_of_missing_holidays
from app.operations.jobs import KEPT_AFTER_END
from app.operations.kept_answers import forget_kept_answers
from app.operations.lists_told import has_due_lists_to_tell, tell_of_due_lists
from app.operations.lost_customers import has_lost_customers, plan_lost_customers
from app.operations.notification_mail import has_mail_to_decide, mail_notifications
from app.operations.outbox import forget_old_messages
from app.operations.search_index import follow_history, has_history_to_follow
from app.operations.telling import has_events_to_tell, tell_of_events
from app.operations.webhook_events import feed_webhooks, has_events_to_feed

MOST_AT_ONCE = 1000
_JOB = table_of(Job)


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """`run` does a part of the work in one transaction and returns how much; 0 ends the round.

    Several workers may run it at the same time: it sees to it itself that this does no harm. `is_needed` only reads:
    where it says no, nobody who writes is kept waiting.
    """

    name: str
    every: timedelta
    run: Callable[[Session, datetime], int]
    is_needed: Callable[[Session, datetime], bool] | None = None


def forget_ended_jobs(session: Session, now: datetime) -> int:
    """Delete jobs that ended long ago: what they did is in the history."""
    old = select(_JOB.c.id).where(_JOB.c.state.in_(("done", "cancelled")), _JOB.c.run_at < now - KEPT_AFTER_END)
    deleted = session.execute(delete(_JOB).where(_JOB.c.id.in_(old.limit(MOST_AT_ONCE))).returning(_JOB.c.id))
    return len(deleted.all())


PERIODIC_JOBS: tuple[PeriodicJob, ...] = (
    PeriodicJob("seal_history", timedelta(seconds=1), seal_history),
    PeriodicJob("follow_history", timedelta(seconds=2), follow_history, has_history_to_follow),
    PeriodicJob("tell_of_events", timedelta(seconds=2), tell_of_events, has_events_to_tell),
    PeriodicJob("feed_webhooks", timedelta(seconds=2), feed_webhooks, has_events_to_feed),
    PeriodicJob("mail_notifications", timedelta(seconds=5), mail_notifications, has_mail_to_decide),
    PeriodicJob("watch_clocks", timedelta(seconds=10), watch_clocks, has_clocks_to_watch),
    PeriodicJob("tell_of_due_dates", timedelta(seconds=30), tell_of_due_dates, has_due_dates_to_tell),
    PeriodicJob("plan_lost_customers", timedelta(hours=1), plan_lost_customers, has_lost_customers),
    PeriodicJob("tell_of_missing_holidays", timedelta(hours=1), tell_of_missing_holidays, has_missing_holidays_to_tell),
    PeriodicJob("tell_of_due_lists", timedelta(hours=1), tell_of_due_lists, has_due_lists_to_tell),
    PeriodicJob("forget_old_messages", timedelta(hours=1), forget_old_messages),
    PeriodicJob("forget_ended_jobs", timedelta(hours=1), forget_ended_jobs),
    PeriodicJob("forget_kept_answers", timedelta(hours=1), forget_kept_answers),
    PeriodicJob("sweep_files", timedelta(hours=1), sweep_files),
    PeriodicJob("rescan_files", timedelta(hours=1), rescan_files),
)
