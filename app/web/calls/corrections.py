"""Correcting the record of a call: by who made it on the same day, by managers later."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.errors import AppError, NotAllowed, NotFound
from app.extensions import db
from app.models import FollowUpAnswer, FollowUpResult, ProcessInstance, QuestionnaireVersion
from app.models.questionnaire import HIGHEST_SCORES, Question, questions_of
from app.models.visibility import can_see_instance
from app.operations.cases import CaseNotFound, read_case
from app.operations.corrected_complaints import CustomersWords, recorded_words
from app.operations.follow_up_corrections import (
    WORDS_OF_SATISFACTION,
    CorrectedRecord,
    correct_follow_up,
    may_correct,
    result_of,
)
from app.reports.labels import PROBLEM_KINDS
from app.web.call_words import (
    ANSWER_NAMES,
    COMPLAINT_NAMES,
    SATISFACTION_NAMES,
    SPOKEN_TO_NAMES,
)
from app.web.current import current_actor, current_person, current_time
from app.web.follow_up_words import RESULTS
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("call_corrections", __name__, url_prefix="/calls/corrections")

Choices = list[tuple[str, str]]
NOT_ASKED = ""


@blueprint.get("/<instance_id>")
@requires(Permission.WORK)
def show(instance_id: str) -> ResponseReturnValue:
    """The record as it is counted now."""
    return _page(instance_id)


@blueprint.post("/<instance_id>")
@requires(Permission.WORK)
def correct(instance_id: str) -> ResponseReturnValue:
    """Correct it."""
    row = _readable(instance_id)
    questions = _questions(row)
    refusal = attempt(
        lambda: correct_follow_up(
            db.session(), instance_id, _typed_record(questions), reason=typed("reason"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    done = gettext("The record is corrected. Reports issued before stay as they are.")
    url = url_for("cases.show", instance_id=instance_id)
    return answer_form(refusal, done, url, lambda refused: _page(instance_id, refused))


def correction_urls(instance: ProcessInstance) -> Iterable[str]:
    """Where the person may correct the record of this case; nothing where not."""
    if instance.process_key != "follow_up":
        return
    row = db.session().scalars(select(FollowUpResult).where(FollowUpResult.instance_id == instance.id)).one_or_none()
    if row is not None and _is_allowed(row):
        yield url_for("call_corrections.show", instance_id=instance.id)


def _is_allowed(row: FollowUpResult) -> bool:
    try:
        return may_correct(
            db.session(), row, read_case(db.session(), row.instance_id), current_actor(), current_time()
        )
    except NotAllowed:
        return False


def _readable(instance_id: str) -> FollowUpResult:
    if not can_see_instance(db.session(), current_person().id, instance_id):
        raise CaseNotFound
    return result_of(db.session(), instance_id)


def _questions(row: FollowUpResult) -> tuple[Question, ...]:
    if row.questionnaire_version_id is None:
        return ()
    return questions_of(db.session().get_one(QuestionnaireVersion, row.questionnaire_version_id))


def _typed_record(questions: Iterable[Question]) -> CorrectedRecord:
    answers = {question.id: _typed_answer(question) for question in questions}
    return CorrectedRecord(
        typed("result"), typed("spoken_to") or None, typed("satisfaction") or None, typed("complaint_level") or None,
        typed("problem_kind") or None, {question: answer for question, answer in answers.items() if answer is not None},
        CustomersWords(typed("complaint_text"), typed("complaint_contact_time")),
    )  # fmt: skip


def _typed_answer(question: Question) -> str | int | None:
    text = request.form.get(f"answer-{question.id}", "")
    is_score = text.isdecimal() and 1 <= int(text) <= HIGHEST_SCORES.get(question.kind, 0)
    return int(text) if is_score else text or None


def _page(instance_id: str, refusal: AppError | None = None) -> ResponseReturnValue:
    row = _readable(instance_id)
    if not _is_allowed(row):
        raise NotFound(CaseNotFound().msgid)
    query = select(FollowUpAnswer).where(FollowUpAnswer.planned_follow_up_id == row.planned_follow_up_id)
    answers = {answer.question_id: answer for answer in db.session().scalars(query)}
    stored: dict[str, str | list[str] | None] = {
        "result": row.result, "spoken_to": row.spoken_to or "", "complaint_level": row.complaint_level or "",
        "satisfaction": WORDS_OF_SATISFACTION.get(row.satisfaction or 0, ""), "problem_kind": row.problem_kind or "",
    }  # fmt: skip
    stored |= {
        f"answer-{question}": str(answer.score or answer.answer or "") for question, answer in answers.items()
    }
    form = TypedForm(stored, refusal)
    words = recorded_words(db.session(), instance_id)
    case = read_case(db.session(), instance_id)
    text = render_template(
        "calls/correction.html",
        case=case,
        form=form,
        results=_choices(RESULTS, is_needed=True),
        people=_choices(SPOKEN_TO_NAMES),
        satisfactions=_choices(SATISFACTION_NAMES),
        complaints=_choices(COMPLAINT_NAMES),
        problems=_choices(PROBLEM_KINDS),
        has_words=bool(words.text and words.contact_time),
        questions=[
            (question.id, question.text_zh if locale().startswith("zh") else question.text, _answers(question))
            for question in _questions(row)
            if question.is_active or question.id in answers
        ],
    )
    return text, form.status


def _choices(names: Mapping[str, str], *, is_needed: bool = False) -> Choices:
    return [*([] if is_needed else [("", "—")]), *((value, gettext(name)) for value, name in names.items())]


def _answers(question: Question) -> Choices:
    scores = [(str(score), str(score)) for score in range(1, HIGHEST_SCORES.get(question.kind, 0) + 1)]
    names = _choices(ANSWER_NAMES)
    return [*names[:1], *scores, names[-1]] if scores else names
