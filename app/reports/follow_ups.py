"""What follow-ups say: those due, those made, and what the customers answered (A20)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import and_, or_, true

from app.models import FollowUpAnswer, FollowUpAttempt, FollowUpResult, PlannedFollowUp
from app.models.follow_up_result import REACHED, SATISFIED
from app.reports.tally import Counted, Source

REPAIRS = ("repair_3dc", "quarter_repair")
CALLED_OFF = "called_off"

# A follow-up is due in the month of its latest day: then each has had all of its time when the month is over, and
# moving calls within the plan changes no figure.
DUE = Source(
    table=PlannedFollowUp.__table__.outerjoin(
        FollowUpResult.__table__, FollowUpResult.planned_follow_up_id == PlannedFollowUp.id
    ),
    site=PlannedFollowUp.site_id,
    moment=PlannedFollowUp.latest_on,
    key=PlannedFollowUp.id,
    instance=PlannedFollowUp.instance_id,
    is_by_date=True,
)
# What was said counts in the month in which the follow-up was closed.
CALLS = Source(
    table=FollowUpResult.__table__,
    site=FollowUpResult.site_id,
    moment=FollowUpResult.closed_at,
    key=FollowUpResult.planned_follow_up_id,
    instance=FollowUpResult.instance_id,
)
ANSWERS = replace(
    CALLS,
    table=FollowUpResult.__table__.join(
        FollowUpAnswer.__table__, FollowUpAnswer.planned_follow_up_id == FollowUpResult.planned_follow_up_id
    ),
)
ATTEMPTS = replace(
    CALLS,
    table=FollowUpResult.__table__.join(
        FollowUpAttempt.__table__, FollowUpAttempt.planned_follow_up_id == FollowUpResult.planned_follow_up_id
    ),
)

# Somebody who calls off what was due does not make the rate better; who may not be called was never due.
_is_due = or_(PlannedFollowUp.state != "skipped", PlannedFollowUp.skip_reason == CALLED_OFF)
_is_made = and_(_is_due, FollowUpResult.attempts > 0)
_is_conversation = FollowUpResult.result == REACHED
_was_asked = and_(_is_conversation, FollowUpResult.satisfaction.is_not(None))
_is_satisfied = and_(_is_conversation, FollowUpResult.satisfaction >= SATISFIED)
_is_repair = FollowUpResult.occasion.in_(REPAIRS)
has_problem = or_(FollowUpResult.complaint_level.in_(("minor", "major")), FollowUpResult.problem_kind.is_not(None))

DUE_FIGURES: Mapping[str, Counted] = {
    "due": Counted(DUE, _is_due),
    "carried_out": Counted(DUE, _is_made, _is_due),
    "successful": Counted(DUE, and_(_is_made, _is_conversation), _is_due),
    "not_called": Counted(DUE, ~_is_due),
}
CALL_FIGURES: Mapping[str, Counted] = {
    "conversations": Counted(CALLS, _is_conversation),
    "satisfied_repair": Counted(CALLS, and_(_is_satisfied, _is_repair), and_(_was_asked, _is_repair)),
    "satisfied": Counted(CALLS, _is_satisfied, _was_asked),
    "suggestions": Counted(CALLS, and_(_is_conversation, FollowUpResult.has_suggestion == true())),
    "problem_calls": Counted(CALLS, and_(_is_conversation, has_problem), _is_conversation),
    "minor": Counted(CALLS, FollowUpResult.complaint_level == "minor"),
}
ANSWER_FIGURES: Mapping[str, Counted] = {
    "good_answers": Counted(ANSWERS, FollowUpAnswer.is_good == true(), FollowUpAnswer.is_good.is_not(None)),
}
# The calls one by one: whether anybody answered, and whether it was the same time of day as before.
ATTEMPT_FIGURES: Mapping[str, Counted] = {
    "answered": Counted(ATTEMPTS, FollowUpAttempt.outcome != "no_answer", true()),
    "repeated": Counted(ATTEMPTS, FollowUpAttempt.is_repeated == true(), true()),
}
# Boxes ticked, which are neither good nor bad: why somebody stayed away.
REASONS_TICKED = Counted(
    ANSWERS,
    and_(FollowUpResult.occasion == "lost", FollowUpAnswer.is_good.is_(None), FollowUpAnswer.answer == "yes"),
)
LOST_CONVERSATIONS = Counted(CALLS, and_(_is_conversation, FollowUpResult.occasion == "lost"))


def due_figures(today: date) -> Mapping[str, Counted]:
    """DUE_FIGURES as far as they can be told by `today`: of follow-ups whose time is not over only those made.

    The rest would make every running month look bad; of a month that is over there is no rest. Who is not to be
    called is known at once.
    """
    is_told = or_(PlannedFollowUp.latest_on <= today, FollowUpResult.attempts > 0)
    told = {name: counted.only(is_told) for name, counted in DUE_FIGURES.items()}
    return {**told, "not_called": DUE_FIGURES["not_called"]}
