"""What customers complained of, and whether they were answered in time (A17, A19-20)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import aliased

from app.models import CaseClock, ComplaintFact, FollowUpResult
from app.reports.follow_ups import has_problem
from app.reports.tally import Counted, Source

INFORMED_CLOCK = "general_manager_informed"
ANSWER_CLOCK = "answer"
NOT_A_COMPLAINT = "not_a_complaint"
OTHER = "other"

_comes_from_follow_up = exists().where(FollowUpResult.instance_id == ComplaintFact.origin_id)
# A major complaint of a follow-up is one problem, not two: its complaint case is left out here.
_problem = union_all(
    select(
        FollowUpResult.planned_follow_up_id.label("key"), FollowUpResult.instance_id, FollowUpResult.site_id,
        FollowUpResult.closed_at.label("moment"), func.coalesce(FollowUpResult.problem_kind, OTHER).label("kind"),
        case((FollowUpResult.complaint_level == "major", 1), else_=0).label("is_major"), literal(0).label("is_direct"),
    ).where(has_problem),
    select(
        ComplaintFact.instance_id, ComplaintFact.instance_id, ComplaintFact.site_id, ComplaintFact.received_at,
        func.coalesce(ComplaintFact.problem_kind, OTHER), literal(1), literal(1),
    ).where(ComplaintFact.outcome != NOT_A_COMPLAINT, ~_comes_from_follow_up.correlate(ComplaintFact)),
).subquery("problem")  # fmt: skip

PROBLEMS = Source(
    table=_problem,
    site=_problem.c.site_id,
    moment=_problem.c.moment,
    key=_problem.c.key,
    instance=_problem.c.instance_id,
)
PROBLEM_KIND: ColumnElement[str] = _problem.c.kind
CLOCKS = Source(
    table=CaseClock.__table__,
    site=CaseClock.site_id,
    moment=CaseClock.started_at,
    key=CaseClock.instance_id,
    instance=CaseClock.instance_id,
)

_round = aliased(CaseClock)


def _has_round(*states: str) -> ColumnElement[bool]:
    """The case has a round of the answer clock in one of these states."""
    found = exists().where(
        _round.instance_id == CaseClock.instance_id, _round.clock_id == ANSWER_CLOCK, _round.state.in_(states)
    )
    return found.correlate(CaseClock)


def _first_round(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(CaseClock.clock_id == ANSWER_CLOCK, CaseClock.number == 1, condition)


def _clock(clock_id: str) -> Counted:
    """Of the rounds that ended or are late, those that were met."""
    is_clock = CaseClock.clock_id == clock_id
    return Counted(
        CLOCKS,
        and_(is_clock, CaseClock.state == "met"),
        and_(is_clock, CaseClock.state.in_(("met", "breached"))),
    )


_is_late = _has_round("breached")
_is_done_in_time = and_(_has_round("met"), not_(_is_late), not_(_has_round("running", "paused")))

PROBLEM_FIGURES: Mapping[str, Counted] = {
    "problems": Counted(PROBLEMS, _problem.c.key.is_not(None)),
    "major": Counted(PROBLEMS, _problem.c.is_major == 1),
}
CLOCK_FIGURES: Mapping[str, Counted] = {
    # A problem is handled in time where each round of its answer was; one that still runs in time is left out.
    "timely": Counted(CLOCKS, _first_round(_is_done_in_time), _first_round(or_(_is_done_in_time, _is_late))),
    "general_manager_informed": _clock(INFORMED_CLOCK),
    "answer": _clock(ANSWER_CLOCK),
}
