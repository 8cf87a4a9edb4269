"""Questionnaires: what is asked on which occasion, changed by managers; every version stays to be looked at."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.errors import AppError, NotFound
from app.extensions import db
from app.i18n import N_
from app.identifiers import new_id
from app.models import Questionnaire, QuestionnaireVersion
from app.models.questionnaire import HIGHEST_SCORES, PROBLEM_KINDS, YES_NO, Question, questions_of
from app.operations.follow_up_occasions import OCCASIONS
from app.operations.questionnaires import (
    KINDS,
    LEVELS,
    MOST_QUESTIONS,
    QuestionnaireHead,
    change_questionnaire,
    create_questionnaire,
)
from app.reports.labels import PROBLEM_KINDS as PROBLEM_NAMES
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import describe_moment
from app.web.languages import locale
from app.web.people_names import actor_names, name_of
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("questionnaires", __name__, url_prefix="/questionnaires")

EMPTY_ROWS = 3  # below the questions, for new ones
KIND_NAMES = {
    "yes_no": N_("Yes or no"), "score_10": N_("Score 1 to 10"), "score_5": N_("Score 1 to 5"), "reason": N_("Reason"),
}  # fmt: skip


@blueprint.get("")
@requires(Permission.EDIT_QUESTIONNAIRES)
def index() -> str:
    """All questionnaires."""
    query = select(Questionnaire).order_by(Questionnaire.level, Questionnaire.occasion, Questionnaire.id)
    found = [
        {"row": one, "name": _name(one), "count": sum(question.is_active for question in questions_of(_newest(one)))}
        for one in db.session().scalars(query)
    ]
    return render_template("questionnaires/list.html", questionnaires=found, occasions=dict(_occasions()))


@blueprint.get("/new")
@requires(Permission.EDIT_QUESTIONNAIRES)
def new() -> ResponseReturnValue:
    """An empty one."""
    return _edit_page(None)


@blueprint.post("")
@requires(Permission.EDIT_QUESTIONNAIRES)
def create() -> ResponseReturnValue:
    """Add one."""
    refusal = attempt(
        lambda: create_questionnaire(
            db.session(), _head(), _typed_questions(), reason=typed("reason"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    done = gettext("The questionnaire is there.")
    return answer_form(refusal, done, url_for("questionnaires.index"), lambda refused: _edit_page(None, refused))


@blueprint.get("/<questionnaire_id>")
@requires(Permission.EDIT_QUESTIONNAIRES)
def show(questionnaire_id: str) -> ResponseReturnValue:
    """The newest version to change, the others to look at."""
    return _edit_page(_existing(questionnaire_id))


@blueprint.post("/<questionnaire_id>")
@requires(Permission.EDIT_QUESTIONNAIRES)
def change(questionnaire_id: str) -> ResponseReturnValue:
    """Make a new version."""
    found = _existing(questionnaire_id)
    refusal = attempt(
        lambda: change_questionnaire(
            db.session(), questionnaire_id, _head(), _typed_questions(),
            base_version=request.form.get("base_version", 0, int), reason=typed("reason"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    done = gettext("The new version holds for calls that are prepared from now on.")
    url = url_for("questionnaires.show", questionnaire_id=questionnaire_id)
    return answer_form(refusal, done, url, lambda refused: _edit_page(found, refused))


def _existing(questionnaire_id: str) -> Questionnaire:
    found = db.session().get(Questionnaire, questionnaire_id)
    if found is None:
        raise NotFound(N_("This questionnaire does not exist."))
    return found


def _newest(questionnaire: Questionnaire) -> QuestionnaireVersion:
    query = select(QuestionnaireVersion).where(
        QuestionnaireVersion.questionnaire_id == questionnaire.id,
        QuestionnaireVersion.number == questionnaire.current_version,
    )
    return db.session().scalars(query).one()


def _name(questionnaire: Questionnaire) -> str:
    return questionnaire.name_zh if locale().startswith("zh") else questionnaire.name


def _occasions() -> list[tuple[str, str]]:
    return [("", gettext("Every occasion")), *((one.id, gettext(one.label)) for one in OCCASIONS)]


def _head() -> QuestionnaireHead:
    level = typed("level")
    return QuestionnaireHead(
        typed("name"), typed("name_zh"), typed("occasion"), int(level) if level.isdecimal() else None,
        is_ticked("is_active"),
    )  # fmt: skip


def _typed_questions() -> list[Question]:
    """The rows in which something was written, in the order of their numbers."""
    rows = [
        (request.form.get(f"place-{row}", float(row + 1), float), row)
        for row in range(MOST_QUESTIONS + EMPTY_ROWS)
        if typed(f"text-{row}") or typed(f"text_zh-{row}")
    ]
    return [_typed_question(row) for _, row in sorted(rows)]


def _typed_question(row: int) -> Question:
    kind = typed(f"kind-{row}")
    is_score = kind in HIGHEST_SCORES
    return Question(
        id=typed(f"id-{row}") or new_id(),
        kind=kind,
        text=typed(f"text-{row}"),
        text_zh=typed(f"text_zh-{row}"),
        is_required=is_ticked(f"is_required-{row}"),
        is_active=is_ticked(f"is_active-{row}"),
        good_answer=(typed(f"good_answer-{row}") or "yes") if kind == YES_NO else None,
        good_from=request.form.get(f"good_from-{row}", HIGHEST_SCORES[kind] - 2, int) if is_score else None,
        problem_kind=typed(f"problem_kind-{row}") or None,
    )


def _edit_page(found: Questionnaire | None, refusal: AppError | None = None) -> ResponseReturnValue:
    questions = questions_of(_newest(found)) if found else ()
    form = TypedForm(_stored(found, questions), refusal)
    rows = range(min(len(questions) + EMPTY_ROWS, MOST_QUESTIONS + EMPTY_ROWS))
    text = render_template(
        "questionnaires/edit.html",
        found=found,
        name=_name(found) if found else gettext("New questionnaire"),
        form=form,
        rows=rows,
        known=len(questions),
        versions=_versions(found) if found else [],
        occasions=_occasions(),
        levels=[("", gettext("Every level")), *((str(level), str(level)) for level in LEVELS)],
        kinds=[(kind, gettext(KIND_NAMES[kind])) for kind in KINDS],
        problem_kinds=[("", "—"), *((kind, gettext(PROBLEM_NAMES[kind])) for kind in PROBLEM_KINDS)],
        answers=[("yes", gettext("Yes is good")), ("no", gettext("No is good"))],
    )
    return text, form.status


def _stored(found: Questionnaire | None, questions: tuple[Question, ...]) -> dict[str, str | list[str] | None]:
    stored: dict[str, str | list[str] | None] = {"is_active": ["yes"]}
    if found:
        stored |= {"name": found.name, "name_zh": found.name_zh, "occasion": found.occasion}
        stored |= {"level": str(found.level or ""), "is_active": ["yes"] if found.is_active else []}
    for row, question in enumerate(questions):
        texts = {
            "id": question.id, "kind": question.kind, "text": question.text, "text_zh": question.text_zh,
            "place": str(row + 1), "good_answer": question.good_answer or "yes",
            "good_from": str(question.good_from or ""), "problem_kind": question.problem_kind or "",
        }  # fmt: skip
        stored |= {f"{name}-{row}": text for name, text in texts.items()}
        stored[f"is_required-{row}"] = ["yes"] if question.is_required else []
        stored[f"is_active-{row}"] = ["yes"] if question.is_active else []
    for row in range(len(questions), len(questions) + EMPTY_ROWS):
        stored |= {f"is_required-{row}": ["yes"], f"is_active-{row}": ["yes"], f"place-{row}": str(row + 1)}
    return stored


def _versions(found: Questionnaire) -> list[dict[str, Any]]:
    query = select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_id == found.id)
    versions = list(db.session().scalars(query.order_by(QuestionnaireVersion.number.desc())))
    names = actor_names({version.created_by for version in versions})
    is_chinese = locale().startswith("zh")
    return [
        {
            "number": version.number,
            "reason": version.reason,
            "by": name_of(version.created_by, names),
            "at": describe_moment(version.created_at, current_time(), current_person().zone, locale()),
            "questions": [
                (question.text_zh if is_chinese else question.text, question.is_active)
                for question in questions_of(version)
            ],
        }
        for version in versions
    ]
