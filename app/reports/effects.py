"""What measures changed: the share of conversations with their problem before and after (A17.5, domain page 2.4)."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from app.models import FollowUpAnswer, FollowUpResult, Measure
from app.reports.follow_ups import CALL_FIGURES
from app.reports.monthly_report import MeasureEffect
from app.reports.tally import Counted, Scope, Span, tallies

COMPARED_FOR = timedelta(days=90)  # at most, on either side
SHOWN_FOR = timedelta(days=365)  # how long after it took effect a measure stays in the reports
FEWEST = 10  # conversations on either side, for a verdict
_SURE = 1.96  # standard errors: chance makes such a difference in one case of twenty


def effects(session: Session, scope: Scope, behind: date) -> tuple[MeasureEffect, ...]:
    """The measures in effect before the day `behind`, the newest first, each compared until then."""
    wanted = (
        select(Measure)
        .where(
            Measure.site_id.in_(scope.site_ids),
            Measure.state.in_(("done", "verified")),
            Measure.effective_from < behind,
            Measure.effective_from >= behind - SHOWN_FOR,
        )
        .order_by(Measure.effective_from.desc(), Measure.id)
    )
    return tuple(
        _effect(session, scope, measure, measure.effective_from, behind)
        for measure in session.scalars(wanted)
        if measure.effective_from is not None and (measure.question_id or measure.problem_kind)
    )


def compared_spans(effective_from: date, behind: date) -> tuple[Span, Span]:
    """The days before and those after, of equal number."""
    days = min(COMPARED_FOR, behind - effective_from)
    return Span("before", effective_from - days, effective_from), Span("after", effective_from, effective_from + days)


def problem_of(measure: Measure) -> Counted:
    """The conversations that show what the measure is to remove."""
    return CALL_FIGURES["conversations"].part(_shows(measure))


def verdict(before: tuple[int, int], after: tuple[int, int]) -> str:
    """What (count, base) before and after tell: better, worse, no_difference or too_few; two shares compared."""
    (count_before, base_before), (count_after, base_after) = before, after
    if min(base_before, base_after) < FEWEST:
        return "too_few"
    pooled = (count_before + count_after) / (base_before + base_after)
    error = sqrt(pooled * (1 - pooled) * (1 / base_before + 1 / base_after))
    difference = count_after / base_after - count_before / base_before
    if abs(difference) < _SURE * error or not error:
        return "no_difference"
    return "better" if difference < 0 else "worse"


def _effect(session: Session, scope: Scope, measure: Measure, since: date, behind: date) -> MeasureEffect:
    before, after = (_numbers(session, scope, problem_of(measure), span) for span in compared_spans(since, behind))
    return MeasureEffect(
        measure_id=measure.id,
        instance_id=measure.instance_id,
        problem_kind=measure.problem_kind,
        question_id=measure.question_id,
        kind=measure.kind,
        effective_from=since.isoformat(),
        before_count=before[0],
        before_base=before[1],
        after_count=after[0],
        after_base=after[1],
        verdict=verdict(before, after),
    )


def _numbers(session: Session, scope: Scope, counted: Counted, span: Span) -> tuple[int, int]:
    found: Sequence[dict[str, tuple[int, int | None]]] = [
        *tallies(session, {"problem": counted}, scope, [span]).values()
    ]
    count, base = found[0]["problem"] if found else (0, 0)
    return count, base or 0


def _shows(measure: Measure) -> ColumnElement[bool]:
    if measure.question_id is None:
        return FollowUpResult.problem_kind == measure.problem_kind
    answered_badly = select(FollowUpAnswer.planned_follow_up_id).where(
        FollowUpAnswer.question_id == measure.question_id, FollowUpAnswer.is_good == false()
    )
    return FollowUpResult.planned_follow_up_id.in_(answered_badly)
