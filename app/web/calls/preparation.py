"""The day's follow-ups on one page: each prepared in its row, or all good ones at once.

Each is the completion of its own user task in a transaction of its own, so that one refusal stops no other.
"""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.errors import AppError
from app.extensions import db
from app.models.follow_up_day import PREPARE, ToPrepare, follow_ups_to_prepare
from app.models.questionnaire import Questionnaire, QuestionnaireVersion, questionnaires_for, questions_of
from app.operations.cases import UserTaskNotFound
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.follow_up_checks import FollowUpData, problems_in
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.operations.user_tasks import complete_user_task
from app.web.case_facts import polite_name
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.looks import log_looks
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.transactions import commits_itself, done_in_transaction, write_transaction
from app.web.user_task_detail import find_place
from app.web.user_task_form import bind_user_task

blueprint = Blueprint("call_preparation", __name__, url_prefix="/calls/preparation")

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A follow-up as the list shows it."""

    id: str
    revision: int
    url: str
    title: str
    occasion: str
    planned_on: date
    latest_on: date
    is_late: bool
    name: str
    phone: str
    plate: str
    model: str
    handed_over: HumanTime
    work: str
    advisor: str
    best_time: str
    brought_by: str
    consent: str | None
    problems: list[str]
    questionnaires: "list[Offered]"

    @property
    def is_good(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Offered:
    """A questionnaire to choose, with its questions to leave out."""

    id: str
    name: str
    questions: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one of those sent."""

    title: str
    text: str
    is_done: bool


@blueprint.get("")
@requires(Permission.CALL_CUSTOMERS)
def index() -> str:
    """The list of the day, and what is left of the days before."""
    shown = follow_ups_to_prepare(db.session(), current_person().id)
    log_looks({one.customer.id for one in shown})
    return _page()


@blueprint.post("")
@requires(Permission.CALL_CUSTOMERS)
@commits_itself  # a transaction for each follow-up
def prepare_all() -> ResponseReturnValue:
    """Prepare all those ticked with their suggested questionnaires; wrong ones are left out by the page itself."""
    wanted = list(dict.fromkeys(request.form.getlist("user_task")))[:MOST_AT_ONCE]
    return _page([_prepare(user_task_id, MultiDict({"data_state": "right"}), None) for user_task_id in wanted])


@blueprint.post("/<user_task_id>")
@requires(Permission.CALL_CUSTOMERS)
@commits_itself  # as all at once
def prepare_one(user_task_id: str) -> ResponseReturnValue:
    """Prepare one as its row says, or send it to the service advisor."""
    find_place(user_task_id)  # strangers learn nothing
    db.session.rollback()
    verdict = _prepare(user_task_id, request.form, request.form.get("revision", type=int))
    return _page([verdict]), 200 if verdict.is_done else 422


def _prepare(user_task_id: str, typed: MultiDict[str, str], revision: int | None) -> Verdict:
    title = gettext("Follow-up")

    def prepare() -> Verdict:
        nonlocal title
        place = find_place(user_task_id)
        if place.user_task.element_id != PREPARE:
            raise UserTaskNotFound
        title = place.instance.title
        bound = bind_user_task(place.user_task, place.instance, typed)
        if not bound.validate():
            texts = [text for texts in bound.errors.values() for text in texts]
            return Verdict(title, " ".join(texts), is_done=False)
        complete_user_task(
            db.session(), user_task_id, bound.values(), revision=revision, is_claimed_implicitly=True,
            actor=current_actor(), now=current_time(),
        )  # fmt: skip
        is_wrong = typed.get("data_state") == "wrong"
        return Verdict(title, gettext("With the service advisor") if is_wrong else gettext("Prepared"), is_done=True)

    try:
        return done_in_transaction(prepare)
    except StepNotDone as failure:
        with write_transaction():
            record_failed_step(db.session(), failure, actor=current_actor(), now=current_time())
        return Verdict(title, gettext(failure.msgid, **failure.params), is_done=False)
    except AppError as refusal:
        return Verdict(title, gettext(refusal.msgid, **refusal.params), is_done=False)


def _page(verdicts: list[Verdict] | None = None) -> str:
    rows = [_row(one) for one in follow_ups_to_prepare(db.session(), current_person().id)]
    return render_template(
        "calls/preparation.html",
        rows=rows,
        good=[row for row in rows if row.is_good],
        verdicts=verdicts or [],
        done=sum(verdict.is_done for verdict in verdicts or []),
    )


def _row(one: ToPrepare) -> Row:
    now, zone = current_time(), current_person().zone
    occasion = OCCASIONS_BY_ID.get(one.planned.occasion)
    data = FollowUpData(
        name=one.customer.name, phone=one.customer.phone, plate=one.vehicle.plate, visit_kind=one.visit.kind,
        work_done=one.visit.work_done, consent=one.consent, is_do_not_contact=one.customer.is_do_not_contact,
    )  # fmt: skip
    return Row(
        id=one.user_task.id,
        revision=one.user_task.revision,
        url=url_for("user_tasks.show", user_task_id=one.user_task.id),
        title=one.user_task.title,
        occasion=gettext(occasion.label) if occasion else one.planned.occasion,
        planned_on=one.planned.planned_on,
        latest_on=one.planned.latest_on,
        is_late=one.planned.latest_on < now.astimezone(zone).date(),
        name=polite_name(one.customer.name, one.customer.title),
        phone=one.customer.phone,
        plate=one.vehicle.plate or one.vehicle.vin[-6:],
        model=one.vehicle.model,
        handed_over=describe_moment(one.visit.handed_over_at, now, zone, locale()),
        work=one.visit.work_done,
        advisor=one.visit.advisor,
        best_time=one.visit.best_time,
        brought_by=one.visit.sent_in_by if one.visit.sent_in_by != one.customer.name else "",
        consent=one.consent,
        problems=[gettext(problem) for problem in problems_in(data)],
        questionnaires=[
            _offered(questionnaire, version)
            for questionnaire, version in questionnaires_for(db.session(), one.planned.occasion, one.planned.level)
        ],
    )


def _offered(questionnaire: Questionnaire, version: QuestionnaireVersion) -> Offered:
    is_chinese = locale().startswith("zh")
    questions = [question for question in questions_of(version) if question.is_active]
    return Offered(
        version.id,
        questionnaire.name_zh if is_chinese else questionnaire.name,
        [(question.id, question.text_zh if is_chinese else question.text) for question in questions],
    )
