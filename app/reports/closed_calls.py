"""The single calls of a period, as a day's report lists them; only those of cases the reader may see."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import FollowUpResult, ProcessInstance
from app.models.visibility import is_visible_to
from app.reports.follow_ups import CALLS
from app.reports.tally import Scope, Span, is_within

MOST = 500


@dataclass(frozen=True, slots=True)
class ClosedCall:
    """A follow-up that was closed, without a word that was said."""

    instance_id: str
    case_number: str
    closed_at: datetime
    occasion: str
    caller_id: str | None
    service_advisor: str
    attempts: int
    result: str
    satisfaction: int | None
    complaint_level: str | None
    problem_kind: str | None


def closed_calls(session: Session, reader: str, scope: Scope, span: Span, occasion: str) -> list[ClosedCall]:
    """The first MOST calls closed in these days, the oldest first."""
    names = (field.name for field in fields(ClosedCall))
    columns = (
        ProcessInstance.case_number if name == "case_number" else getattr(FollowUpResult, name) for name in names
    )
    query = (
        select(*columns)
        .join(ProcessInstance, ProcessInstance.id == FollowUpResult.instance_id)
        .where(
            FollowUpResult.site_id.in_(scope.site_ids),
            is_within(CALLS, span, scope.zone),
            is_visible_to(reader),
        )
        .order_by(FollowUpResult.closed_at, FollowUpResult.planned_follow_up_id)
        .limit(MOST)
    )
    if occasion:
        query = query.where(FollowUpResult.occasion == occasion)
    return [ClosedCall(*row) for row in session.execute(query)]
