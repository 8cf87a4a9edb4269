"""Questionnaires are changed by managers: each change is a new version with its reason; cases keep theirs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Membership, Questionnaire, QuestionnaireVersion
from app.models.questionnaire import (
    HIGHEST_SCORES,
    NO,
    PROBLEM_KINDS,
    REASON,
    SCORE_5,
    SCORE_10,
    YES,
    YES_NO,
    Question,
    questions_of,
)
from app.operations.actor import Actor
from app.operations.changed_fields import required_texts
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.reasons import stated_reason

EDITORS = (
    "business_manager", "customer_service_manager", "department_head", "general_manager", "service_manager"
)  # fmt: skip
KINDS = (YES_NO, SCORE_10, SCORE_5, REASON)
LEVELS = (1, 2, 3)
LONGEST_NAME, LONGEST_TEXT, MOST_QUESTIONS = 120, 300, 60


@dataclass(frozen=True, slots=True)
class QuestionnaireHead:
    """What is said of a questionnaire besides its questions; without an occasion or level it suits all."""

    name: str
    name_zh: str
    occasion: str = ""
    level: int | None = None
    is_active: bool = True


def create_questionnaire(
    session: Session,
    head: QuestionnaireHead,
    questions: Sequence[Question],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> str:
    """Add a questionnaire and return its id. Raises NotAllowed, InvalidInput."""
    _require_editor(session, actor)
    names, questions, reason = _checked_head(head), _checked(questions, {}), stated_reason(reason)
    questionnaire = Questionnaire(
        id=new_id(), occasion=head.occasion, level=head.level, is_active=head.is_active, current_version=1, **names
    )
    session.add(questionnaire)
    session.flush()
    _add_version(session, questionnaire, questions, reason, actor, now)
    _tell(session, "questionnaire_created", questionnaire, reason, actor, now)
    return questionnaire.id


def change_questionnaire(
    session: Session,
    questionnaire_id: str,
    head: QuestionnaireHead,
    questions: Sequence[Question],
    *,
    base_version: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Make a new version of it; cases in hand keep the one they were prepared with.

    Arguments: base_version, the number of the version that was changed. Raises NotFound, NotAllowed, InvalidInput,
    Conflict where somebody was quicker.
    """
    _require_editor(session, actor)
    questionnaire = session.scalars(
        select(Questionnaire).where(Questionnaire.id == questionnaire_id).with_for_update()
    ).one_or_none()
    if questionnaire is None:
        raise NotFound(N_("This questionnaire does not exist."))
    if questionnaire.current_version != base_version:
        raise Conflict(N_("Somebody changed this questionnaire meanwhile. Look at the new version first."))
    names, reason = _checked_head(head), stated_reason(reason)
    checked = _checked(questions, _kinds_so_far(session, questionnaire_id))
    questionnaire.occasion, questionnaire.level, questionnaire.is_active = head.occasion, head.level, head.is_active
    questionnaire.name, questionnaire.name_zh = names["name"], names["name_zh"]
    questionnaire.current_version += 1
    session.flush()
    _add_version(session, questionnaire, checked, reason, actor, now)
    _tell(session, "questionnaire_changed", questionnaire, reason, actor, now)


def _require_editor(session: Session, actor: Actor) -> None:
    is_editor = exists().where(Membership.user_id == actor.user_id, Membership.group_id.in_(EDITORS))
    if actor.kind != "system" and not session.scalar(select(is_editor)):
        raise NotAllowed(N_("Only managers change questionnaires."))


def _checked_head(head: QuestionnaireHead) -> dict[str, str]:
    if head.occasion and head.occasion not in OCCASIONS_BY_ID:
        refusal = N_("There is no such occasion.")
        raise InvalidInput(refusal, fields={"occasion": refusal})
    if head.level is not None and head.level not in LEVELS:
        refusal = N_("There is no such level.")
        raise InvalidInput(refusal, fields={"level": refusal})
    return required_texts({"name": head.name, "name_zh": head.name_zh}, LONGEST_NAME)


def _checked(questions: Sequence[Question], kinds: dict[str, str]) -> list[Question]:
    """The questions as they are stored; a kind once asked stays, so that answers of all versions can be compared."""
    if not any(question.is_active for question in questions):
        raise InvalidInput(N_("A questionnaire needs a question that is asked."))
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInput(N_("A questionnaire has at most 60 questions."))
    if len({question.id for question in questions}) != len(questions):
        raise InvalidInput(N_("A question is there twice."))
    for number, question in enumerate(questions, start=1):
        _check(number, question, kinds.get(question.id, question.kind))
    return list(questions)


def _check(number: int, question: Question, kind_so_far: str) -> None:
    if not question.text.strip() or not question.text_zh.strip():
        raise InvalidInput(N_("Question %(number)s: write it in both languages."), number=number)
    if max(len(question.text), len(question.text_zh)) > LONGEST_TEXT:
        raise InvalidInput(N_("Question %(number)s is too long: 300 characters at most."), number=number)
    if question.kind not in KINDS or question.kind != kind_so_far:
        raise InvalidInput(
            N_("Question %(number)s: answers of another kind cannot be compared. Ask a new question instead."),
            number=number,
        )
    if question.problem_kind is not None and question.problem_kind not in PROBLEM_KINDS:
        raise InvalidInput(N_("Question %(number)s: choose a kind of problem from the list."), number=number)
    highest = HIGHEST_SCORES.get(question.kind)
    is_bound_right = question.good_from is None if highest is None else 1 <= (question.good_from or 0) <= highest
    is_answer_right = question.good_answer in ((YES, NO) if question.kind == YES_NO else (None,))
    if not is_bound_right or not is_answer_right:
        raise InvalidInput(N_("Question %(number)s: say which answers are good ones."), number=number)


def _kinds_so_far(session: Session, questionnaire_id: str) -> dict[str, str]:
    query = select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_id == questionnaire_id)
    return {question.id: question.kind for version in session.scalars(query) for question in questions_of(version)}


def _add_version(
    session: Session,
    questionnaire: Questionnaire,
    questions: Sequence[Question],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    session.add(
        QuestionnaireVersion(
            id=new_id(),
            questionnaire_id=questionnaire.id,
            number=questionnaire.current_version,
            questions=[asdict(question) for question in questions],
            reason=reason,
            created_by=actor.user_id,
            created_at=now,
        )
    )
    session.flush()


def _tell(
    session: Session, event_type: str, questionnaire: Questionnaire, reason: str, actor: Actor, now: datetime
) -> None:
    body = {"questionnaire": questionnaire.id, "name": questionnaire.name, "version": questionnaire.current_version}
    body |= {"is_active": questionnaire.is_active}
    append_events(session, CONFIGURATION_STREAM, [Event(event_type, body, reason=reason)], actor=actor, now=now)
