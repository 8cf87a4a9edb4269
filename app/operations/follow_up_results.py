"""What came of a follow-up, written when it is closed: reports count these rows, never the state of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.calendars import DAY_PARTS
from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.models import FollowUpAnswer, FollowUpAttempt, FollowUpResult, PlannedFollowUp, QuestionnaireVersion, Visit
from app.models.follow_up_result import RESULTS, SATISFACTION, UNREACHABLE
from app.models.questionnaire import HIGHEST_SCORES, PROBLEM_KINDS, Question, questions_of
from app.operations.follow_up_leaving import leave_plan
from app.operations.operation_call import Inputs, OperationCall, moment_of, number_of, text_of


@dataclass(frozen=True, slots=True)
class CallMade:
    """One attempt; `is_repeated` where nobody had answered in that part of the day before."""

    at: datetime
    part: str
    outcome: str
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class FollowUpOutcome:
    """What a follow-up came to. `answers` by question id: yes, no, not_answered, a score, true or false."""

    result: str
    attempts: int = 0
    caller_id: str | None = None
    spoken_to: str | None = None
    satisfaction: str | None = None
    complaint_level: str | None = None
    problem_kind: str | None = None
    has_suggestion: bool = False
    questionnaire_version_id: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    calls: Sequence[CallMade] = ()


def record_follow_up(call: OperationCall) -> Inputs:
    """What the diagram says of a follow-up when it closes it."""
    answers = call.inputs.get("answers")
    outcome = FollowUpOutcome(
        result=call.needed("result"),
        attempts=int(number_of(call.inputs, "attempts") or 0),
        caller_id=call.text("caller_id"),
        spoken_to=call.text("spoken_to"),
        satisfaction=call.text("satisfaction"),
        complaint_level=call.text("complaint_level"),
        problem_kind=call.text("problem_kind"),
        has_suggestion=call.inputs.get("has_suggestion") is True,
        questionnaire_version_id=call.text("questionnaire_version_id"),
        answers=answers if isinstance(answers, Mapping) else {},
        calls=tuple(_calls_made(call.inputs.get("calls"))),
    )
    closed = close_follow_up(call.session, call.needed("planned_follow_up_id"), outcome, now=call.now)
    if outcome.result == UNREACHABLE:
        leave_plan(call.session, closed.customer_id, actor=call.actor, now=call.now, is_unreachable=True)
    return {}


def close_follow_up(
    session: Session, planned_follow_up_id: str, outcome: FollowUpOutcome, *, now: datetime
) -> PlannedFollowUp:
    """Mark a planned follow-up as made and write its result. Raises NotFound, InvalidInput."""
    follow_up = session.get(PlannedFollowUp, planned_follow_up_id)
    if follow_up is None or follow_up.instance_id is None:
        raise NotFound(N_("This planned follow-up does not exist."))
    if outcome.result not in RESULTS:
        raise InvalidInput(N_("“%(result)s” is no result of a follow-up."), result=outcome.result)
    follow_up.state = "closed"
    visit = session.get(Visit, follow_up.visit_id) if follow_up.visit_id else None
    answers = counted_answers(session, planned_follow_up_id, outcome)
    session.merge(
        FollowUpResult(
            planned_follow_up_id=follow_up.id,
            instance_id=follow_up.instance_id,
            site_id=follow_up.site_id,
            customer_id=follow_up.customer_id,
            vehicle_id=follow_up.vehicle_id,
            visit_id=follow_up.visit_id,
            occasion=follow_up.occasion,
            level=follow_up.level,
            planned_on=follow_up.planned_on,
            latest_on=follow_up.latest_on,
            closed_at=now,
            result=outcome.result,
            attempts=outcome.attempts,
            caller_id=outcome.caller_id,
            service_advisor=visit.advisor if visit else "",
            spoken_to=outcome.spoken_to,
            satisfaction=SATISFACTION.get(outcome.satisfaction or ""),
            complaint_level=outcome.complaint_level,
            problem_kind=_problem_kind(session, outcome, answers),
            has_suggestion=outcome.has_suggestion,
            questionnaire_version_id=outcome.questionnaire_version_id,
        )
    )
    session.flush()
    for row in (*answers, *_attempts(planned_follow_up_id, outcome)):
        session.merge(row)
    session.flush()
    return follow_up


def _calls_made(given: object) -> Iterable[CallMade]:
    """The calls as the diagram keeps them; none of a case that began before they were kept."""
    for made in given if isinstance(given, list) else ():
        at = moment_of(made, "at")
        part, outcome = text_of(made, "part"), text_of(made, "outcome")
        if at and part in DAY_PARTS and outcome:
            yield CallMade(at, part, outcome, made.get("is_repeated") is True)


def _attempts(planned_follow_up_id: str, outcome: FollowUpOutcome) -> list[FollowUpAttempt]:
    return [
        FollowUpAttempt(
            planned_follow_up_id=planned_follow_up_id,
            number=number,
            called_at=made.at,
            day_part=made.part,
            outcome=made.outcome,
            is_repeated=made.is_repeated,
        )
        for number, made in enumerate(outcome.calls, 1)
    ]


def counted_answers(session: Session, planned_follow_up_id: str, outcome: FollowUpOutcome) -> list[FollowUpAnswer]:
    """The answers as they are counted; what nobody asked, or nobody answered, is none."""
    return [
        FollowUpAnswer(
            planned_follow_up_id=planned_follow_up_id,
            question_id=question.id,
            answer=answer,
            score=score,
            is_good=question.is_good(answer, score),
        )
        for question in _asked(session, outcome)
        for answer, score in _read_answer(question, outcome.answers[question.id])
    ]


def _asked(session: Session, outcome: FollowUpOutcome) -> Iterable[Question]:
    if outcome.questionnaire_version_id is None:
        return ()
    version = session.get(QuestionnaireVersion, outcome.questionnaire_version_id)
    if version is None:
        raise NotFound(N_("This version of a questionnaire does not exist."))
    return (question for question in questions_of(version) if question.id in outcome.answers)


def _read_answer(question: Question, given: object) -> Iterable[tuple[str | None, int | None]]:
    """The answer and the score; nothing where there is neither."""
    if given is None:
        return
    if isinstance(given, bool):
        yield ("yes" if given else "no"), None
    elif isinstance(given, str):
        yield given, None
    elif question.kind in HIGHEST_SCORES:
        yield None, int(given)  # type: ignore[call-overload]  # a FEEL number


def _problem_kind(session: Session, outcome: FollowUpOutcome, answers: list[FollowUpAnswer]) -> str | None:
    """What the caller says, else what the first bad answer is counted as."""
    if outcome.problem_kind in PROBLEM_KINDS:
        return outcome.problem_kind
    bad = {answer.question_id for answer in answers if answer.is_good is False}
    return next((question.problem_kind for question in _asked(session, outcome) if question.id in bad), None)
