"""What was open at a moment: complaints not closed, and minor complaints that await their answer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.models import CaseClock, ComplaintFact
from app.reports.problems import ANSWER_CLOCK
from app.reports.tally import Scope, Span

# A complaint is open until it is closed, also while nothing runs; a minor one has nothing but its clock.
_began_and_ended = union_all(
    select(
        ComplaintFact.instance_id, ComplaintFact.site_id, ComplaintFact.received_at.label("began_at"),
        ComplaintFact.closed_at.label("ended_at"),
    ),
    select(CaseClock.instance_id, CaseClock.site_id, CaseClock.started_at, CaseClock.stopped_at).where(
        CaseClock.clock_id == ANSWER_CLOCK, CaseClock.process_key == "follow_up"
    ),
).subquery("open_problem")  # fmt: skip


def open_counts(session: Session, scope: Scope, spans: Sequence[Span]) -> dict[str, int]:
    """How many were open at the end of each span."""
    sums = [func.sum(case((_is_open(scope, span), 1), else_=0)).label(span.name) for span in spans]
    row = session.execute(select(*sums).where(_began_and_ended.c.site_id.in_(scope.site_ids))).one()
    return {span.name: int(count or 0) for span, count in zip(spans, row, strict=True)}


def open_facts(scope: Scope, span: Span) -> Select[*tuple[Any, ...]]:
    """Those open at the end of a span: key, moment and case, as `tally.facts_of` gives them."""
    problem = _began_and_ended.c
    return select(
        problem.instance_id.label("key"), problem.began_at.label("moment"), problem.instance_id.label("instance_id")
    ).where(problem.site_id.in_(scope.site_ids), _is_open(scope, span))


def _is_open(scope: Scope, span: Span) -> ColumnElement[bool]:
    problem = _began_and_ended.c
    end = span.end_at(scope.zone)
    return and_(problem.began_at < end, or_(problem.ended_at.is_(None), problem.ended_at >= end))
