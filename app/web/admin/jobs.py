"""Jobs: what the system is to do later, what it could not do, and what to do about it."""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.errors import AppError
from app.extensions import db
from app.i18n import N_
from app.models.display_names import site_names
from app.models.job_list import STATES, JobFilter, Overseer, find_job, job_page
from app.models.visibility import can_see_instance
from app.operations.job_changes import JobNotFound, cancel_job, run_job_now
from app.operations.job_handlers import JOB_KINDS
from app.operations.job_suspension import suspend_jobs_of_cases
from app.operations.jobs import OF_THE_CASE
from app.web.admin.reach import has_company, my_sites
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import HumanTime
from app.web.past_moments import past_moment
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("jobs", __name__, url_prefix="/admin/jobs")

STATE_NAMES = {
    "due": N_("Due now"),
    "pending": N_("Waiting"),
    "leased": N_("Being done"),
    "dead": N_("Given up"),
    "suspended": N_("Held until somebody resumes it"),
    "done": N_("Done"),
    "cancelled": N_("Cancelled"),
}
KIND_NAMES = {
    "timer": N_("Timer"),
    "continuation": N_("Next step"),
    "connector": N_("Call to another program"),
    "message": N_("Message between cases"),
    "signal": N_("Signal"),
    "event_start": N_("Start by an event"),
    "timer_start": N_("Start by a timer"),
    "start_follow_up": N_("Start of a follow-up"),
    "case_change": N_("Change of many cases"),
    "hand_over": N_("Hand-over"),
    "substitution": N_("Substitution"),
    "mail": N_("Mail"),
    "password_mail": N_("Mail with a password link"),
    "webhook_delivery": N_("Webhook"),
    "sms": N_("SMS"),
    "scan_attachment": N_("Virus check of a file"),
    "preview_attachment": N_("Preview of a file"),
    "destroy_files": N_("Destruction of files"),
    "sweep_files": N_("Search for files that belong to nothing"),
}
TONES = {"dead": "red", "suspended": "amber", "leased": "blue"}
KINDS = tuple(kind.name for kind in JOB_KINDS)


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A job in words; `error` says no values to who may not see the case."""

    id: str
    kind: str
    state: str
    tone: str
    site: str
    case_number: str
    case_url: str
    element: str
    due: HumanTime
    created: HumanTime
    attempts: str
    error: str
    can_run: bool
    can_resume: bool
    can_cancel: bool


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """Jobs in a state, by kind or all."""
    state, kind = request.args.get("state", "due"), request.args.get("kind", "")
    wanted = JobFilter(state if state in STATES else "due", (kind,) if kind in KINDS else KINDS)
    page = job_page(db.session(), _overseer(), wanted, current_time(), after=request.args.get("after"))
    following: dict[str, Any] = {"state": wanted.state, "kind": kind, "after": page.next_cursor}
    return render_template(
        "admin/jobs.html",
        jobs=[_shown(row) for row in page.rows],
        wanted=wanted,
        kind=kind,
        states=[(name, gettext(STATE_NAMES[name])) for name in STATES],
        kinds=sorted(((name, _kind(name)) for name in KINDS), key=itemgetter(1)),
        next_url=url_for("jobs.index", **following) if page.next_cursor else None,
    )


@blueprint.get("/<job_id>")
@requires(Permission.ADMINISTER)
def show(job_id: str) -> ResponseReturnValue:
    """One job with all that is known of it."""
    return _page(job_id)


@blueprint.post("/<job_id>/run")
@requires(Permission.ADMINISTER)
def run(job_id: str) -> ResponseReturnValue:
    """Let it run at once, or once more."""
    refusal = attempt(lambda: run_job_now(db.session(), job_id, actor=current_actor(), now=current_time()))
    return answer_form(
        refusal, gettext("The job is done next."), url_for("jobs.show", job_id=job_id), lambda why: _page(job_id, why)
    )


@blueprint.post("/<job_id>/resume")
@requires(Permission.ADMINISTER)
def resume(job_id: str) -> ResponseReturnValue:
    """Let a job that a program has suspended go on."""
    _existing(job_id)
    session, actor, now = db.session(), current_actor(), current_time()
    refusal = attempt(lambda: suspend_jobs_of_cases(session, [job_id], is_suspended=False, actor=actor, now=now))
    return answer_form(
        refusal, gettext("The job goes on."), url_for("jobs.show", job_id=job_id), lambda why: _page(job_id, why)
    )


@blueprint.post("/<job_id>/cancel")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def cancel(job_id: str) -> ResponseReturnValue:
    """Never do it."""
    reason = typed("reason")
    refusal = attempt(
        lambda: cancel_job(db.session(), job_id, reason=reason, actor=current_actor(), now=current_time())
    )
    return answer_form(
        refusal, gettext("The job is cancelled."), url_for("jobs.show", job_id=job_id), lambda why: _page(job_id, why)
    )


def _page(job_id: str, refusal: AppError | None = None) -> ResponseReturnValue:
    form = TypedForm(refusal=refusal)
    return render_template("admin/job.html", job=_shown(_existing(job_id)), form=form), form.status


def _existing(job_id: str) -> Row[*tuple[Any, ...]]:
    row = find_job(db.session(), _overseer(), job_id)
    if row is None:
        raise JobNotFound
    return row


def _overseer() -> Overseer:
    return Overseer(my_sites(), has_company())


def _shown(row: Row[*tuple[Any, ...]]) -> ShownJob:
    can_see = row.instance_id is not None and can_see_instance(db.session(), current_person().id, row.instance_id)
    error = row.last_error or ""
    return ShownJob(
        id=row.id,
        kind=_kind(row.kind),
        state=gettext(STATE_NAMES[row.state]),
        tone=TONES.get(row.state, ""),
        site=site_names(db.session(), [row.site_id]).get(row.site_id, "") if row.site_id else "",
        case_number=row.case_number or "",
        case_url=url_for("cases.show", instance_id=row.instance_id) if can_see else "",
        element=row.element_id or "",
        due=past_moment(row.run_at),
        created=past_moment(row.created_at),
        attempts=f"{row.attempts} / {row.max_attempts}",
        error=error if can_see or row.instance_id is None else error.partition(":")[0],
        can_run=row.state in ("pending", "dead"),
        can_resume=row.is_suspended and row.instance_id is not None and row.state not in ("done", "cancelled"),
        can_cancel=row.state in ("pending", "dead") and not (row.kind in OF_THE_CASE and row.instance_id),
    )


def _kind(name: str) -> str:
    return gettext(KIND_NAMES[name]) if name in KIND_NAMES else name
