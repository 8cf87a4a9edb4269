"""What was carried out of the house is recorded: who took which report of which sites, in which form."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events


def record_export(
    session: Session, report: str, form: str, *, site_ids: Collection[str], period: str, actor: Actor, now: datetime
) -> None:
    """Note that `actor` is about to get a report as a file; commit before handing it over.

    Arguments: report, which kind (`monthly_report`, `follow_up_day`); form, xlsx, csv or pdf; period, as its page
    shows it (`2026-10`, or an issued report's number with it).
    """
    event = Event("report_exported", {"report": report, "form": form, "sites": sorted(site_ids), "period": period})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
