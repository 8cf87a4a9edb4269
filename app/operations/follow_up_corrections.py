"""A wrongly recorded call is corrected by a new entry: the result as counted changes, the history keeps old and new.

A report issued before stays as it was issued; the next one counts the corrected result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed, NotFound
from app.i18n import N_
from app.models import FollowUpAnswer, FollowUpResult
from app.models.follow_up_result import REACHED, REFUSED, RESULTS, SATISFACTION
from app.models.questionnaire import NO, NOT_ANSWERED, PROBLEM_KINDS, YES
from app.operations.actor import Actor
from app.operations.authority import groups_at, refuse_auditor
from app.operations.cases import Case, lock_case
from app.operations.corrected_complaints import LEVELS, CustomersWords, follow_corrected_level
from app.operations.customers import record_consent
from app.operations.follow_up_leaving import leave_plan
from app.operations.follow_up_results import FollowUpOutcome, counted_answers
from app.operations.history import Event, append_events, case_stream
from app.operations.questionnaires import EDITORS
from app.operations.reasons import stated_reason

WORDS_OF_SATISFACTION = {figure: word for word, figure in SATISFACTION.items()}
PEOPLE_SPOKEN_TO = ("sent_in", "owner")


@dataclass(frozen=True, slots=True)
class CorrectedRecord:
    """How the record should have been; what belongs to reached customers only is None for others."""

    result: str
    spoken_to: str | None = None
    satisfaction: str | None = None
    complaint_level: str | None = None
    problem_kind: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    # Needed where a complaint becomes major and the call recorded none.
    words: CustomersWords = field(default_factory=CustomersWords)


def correct_follow_up(
    session: Session, instance_id: str, record: CorrectedRecord, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Correct what is counted of a closed follow-up. Raises NotFound, NotAllowed, InvalidInput.

    The caller may do so on the day of the call, a manager of the site at any time. A complaint that is major now
    becomes a case of its own, as if the call had been recorded so.
    """
    case = lock_case(session, instance_id)
    row = result_of(session, instance_id)
    if not may_correct(session, row, case, actor, now):
        raise NotAllowed(N_("Only who made the call, on the same day, and managers correct a record."))
    reason = stated_reason(reason)
    record = _checked(record)
    was_refused, level = row.result == REFUSED, row.complaint_level
    changes = _changed_fields(row, record) | _changed_answers(session, row, record)
    if not changes:
        raise InvalidInput(N_("Nothing was changed."))
    row.corrected_at = now
    session.flush()
    if was_refused != (row.result == REFUSED):  # the word that was recorded with the result was wrong as well
        state = "given" if was_refused else "withdrawn"
        record_consent(session, row.customer_id, state, source="correction", actor=actor, now=now)
        leave_plan(session, row.customer_id, actor=actor, now=now)
    message_id = follow_corrected_level(
        session, case, row, level, record.words, reason=reason, actor=actor, now=now
    )
    body = {"changes": changes} | ({"message_id": message_id} if message_id else {})
    event = Event("follow_up_corrected", body, reason=reason)
    append_events(
        session, case_stream(case.id), [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id
    )


def result_of(session: Session, instance_id: str) -> FollowUpResult:
    """The result of a follow-up's case. Raises NotFound before it is closed."""
    row = session.scalars(select(FollowUpResult).where(FollowUpResult.instance_id == instance_id)).one_or_none()
    if row is None:
        raise NotFound(N_("This case has no recorded call."))
    return row


def may_correct(session: Session, row: FollowUpResult, case: Case, actor: Actor, now: datetime) -> bool:
    """Whether a person may; raises AuditorsChangeNothing."""
    groups = groups_at(session, actor.user_id, row.site_id)
    refuse_auditor(groups)
    is_same_day = row.closed_at.astimezone(case.zone).date() == now.astimezone(case.zone).date()
    return bool(groups.intersection(EDITORS)) or (row.caller_id == actor.user_id and is_same_day)


def _checked(record: CorrectedRecord) -> CorrectedRecord:
    choices = (
        ("result", record.result, RESULTS),
        ("spoken_to", record.spoken_to, (None, *PEOPLE_SPOKEN_TO)),
        ("satisfaction", record.satisfaction, (None, *SATISFACTION)),
        ("complaint_level", record.complaint_level, (None, *LEVELS)),
        ("problem_kind", record.problem_kind, (None, *PROBLEM_KINDS)),
    )
    for name, value, allowed in choices:
        if value not in allowed:
            refusal = N_("Choose one of the options.")
            raise InvalidInput(refusal, fields={name: refusal})
    return record if record.result == REACHED else CorrectedRecord(record.result)


def _changed_fields(row: FollowUpResult, record: CorrectedRecord) -> dict[str, object]:
    old = {
        "result": row.result,
        "spoken_to": row.spoken_to,
        "satisfaction": WORDS_OF_SATISFACTION.get(row.satisfaction or 0),
        "complaint_level": row.complaint_level,
        "problem_kind": row.problem_kind,
    }
    changes: dict[str, object] = {
        name: {"old": before, "new": getattr(record, name)}
        for name, before in old.items()
        if before != getattr(record, name)
    }
    row.result, row.spoken_to, row.complaint_level = record.result, record.spoken_to, record.complaint_level
    row.problem_kind, row.satisfaction = record.problem_kind, SATISFACTION.get(record.satisfaction or "")
    return changes


def _changed_answers(session: Session, row: FollowUpResult, record: CorrectedRecord) -> dict[str, object]:
    outcome = FollowUpOutcome(
        record.result, questionnaire_version_id=row.questionnaire_version_id, answers=record.answers
    )
    query = select(FollowUpAnswer).where(FollowUpAnswer.planned_follow_up_id == row.planned_follow_up_id)
    stored = {answer.question_id: answer for answer in session.scalars(query)}
    counted = {answer.question_id: answer for answer in counted_answers(session, row.planned_follow_up_id, outcome)}
    if any(answer.score is None and answer.answer not in (YES, NO, NOT_ANSWERED) for answer in counted.values()):
        raise InvalidInput(N_("Choose one of the options."))
    old = {question: _plain(answer) for question, answer in stored.items()}
    new = {question: _plain(answer) for question, answer in counted.items()}
    for question, answer in counted.items():
        known = stored.pop(question, None)
        if known is None:
            session.add(answer)
        else:
            known.answer, known.score, known.is_good = answer.answer, answer.score, answer.is_good
    for left_out in stored.values():
        session.delete(left_out)
    return {
        question: {"old": old.get(question), "new": new.get(question)}
        for question in dict.fromkeys((*old, *new))
        if old.get(question) != new.get(question)
    }


def _plain(answer: FollowUpAnswer) -> str | None:
    return answer.answer if answer.score is None else str(answer.score)
