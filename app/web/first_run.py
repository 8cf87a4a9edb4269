"""The first start as pages (W25): administrator and site by the printed token, then what a new product needs.

One can stop after each page and go on later; the overview of the administration leads back here.
"""

from dataclasses import dataclass

import structlog
from babel.dates import get_day_names
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.errors import AppError
from app.extensions import db
from app.i18n import N_
from app.models.first_run_facts import calendar_facts, deployed_names, people_count
from app.operations.deployments import deploy
from app.operations.first_run import (
    FirstRunOver,
    FirstThings,
    finish_set_up,
    is_first_run,
    is_set_up_unfinished,
    make_first_administrator,
)
from app.operations.passwords import LONGEST, SHORTEST
from app.operations.second_factor import has_second_factor
from app.operations.shipped import shipped_resources
from app.operations.sign_in import start_session
from app.web.current import current_actor, current_person, current_person_or_none, current_time, session_time
from app.web.languages import locale
from app.web.permissions import Permission, permissions_of, public, requires
from app.web.rate_limits import within_limit
from app.web.sessions import open_browser_session
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction
from app.web.typed_forms import TypedForm, typed

blueprint = Blueprint("first_run", __name__, url_prefix="/set-up")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A page of the first start."""

    endpoint: str
    name: str


STEPS: tuple[Step, ...] = (
    Step("first_run.begin", N_("Administrator and site")),
    Step("first_run.second_factor", N_("Second factor")),
    Step("first_run.calendar", N_("Calendar")),
    Step("first_run.people", N_("People")),
    Step("first_run.processes", N_("Processes")),
)


@blueprint.get("")
@public
def begin() -> ResponseReturnValue:
    """Ask for the token, the administrator and the site; later, lead on to where the administrator stopped."""
    if is_first_run(db.session()):
        return _show_begin()
    person = current_person_or_none()
    if person and Permission.ADMINISTER in permissions_of(person) and is_set_up_unfinished(db.session()):
        return redirect(url_for("first_run.second_factor"))
    return _over()


@blueprint.post("")
@public
@commits_itself  # what is refused is shown after its transaction
def make() -> ResponseReturnValue:
    """Make administrator and site, and sign the administrator in."""
    within_limit("sign_in")
    password = request.form.get("new_password", "")
    if password != request.form.get("new_password_again", ""):
        return _show_begin(problem=gettext("The two new passwords differ. Type the new one twice."))
    user_id = typed("user_id").lower()
    first = FirstThings(
        user_id, typed("display_name"), locale(), typed("site_id"), typed("site_name"), typed("zone")
    )
    try:
        with write_transaction():
            make_first_administrator(db.session(), typed("token"), first, password, now=current_time())
            token = start_session(db.session(), user_id, request.user_agent.string, session_time())
    except FirstRunOver:
        return _over()
    except AppError as refusal:
        return _show_begin(refusal)
    log.info("first_administrator_made", user=user_id)
    answer = redirect(url_for("first_run.second_factor"), 303)
    open_browser_session(answer, token)
    return answer


@blueprint.get("/second-factor")
@requires(Permission.ADMINISTER)
def second_factor() -> str:
    """Offer the authenticator, which can wait."""
    return _step("second_factor", has_factor=has_second_factor(db.session(), current_person().id))


@blueprint.get("/calendar")
@requires(Permission.ADMINISTER)
def calendar() -> str:
    """What the product takes for working time at the site."""
    facts = calendar_facts(db.session(), current_person().home_site_id or "", current_time().year)
    return _step("calendar", facts=facts, weekdays=get_day_names("wide", locale=locale()))


@blueprint.get("/people")
@requires(Permission.ADMINISTER)
def people() -> str:
    """Who else is to sign in: by hand or from a list."""
    return _step("people", count=people_count(db.session()))


@blueprint.get("/processes")
@requires(Permission.ADMINISTER)
def processes() -> str:
    """The processes that come with the product."""
    return _show_processes()


@blueprint.post("/processes")
@requires(Permission.ADMINISTER)
def deploy_shipped() -> ResponseReturnValue:
    """Deploy them in one bundle; what is deployed already gives no new version."""
    deploy(
        db.session(), shipped_resources(), name="aftercare", reason=gettext("First start"), actor=current_actor(),
        now=current_time(),
    )  # fmt: skip
    flash(gettext("The processes are deployed."))
    return redirect(url_for("first_run.processes"), 303)


@blueprint.post("/finish")
@requires(Permission.ADMINISTER)
def finish() -> ResponseReturnValue:
    """To work."""
    finish_set_up(db.session(), actor=current_actor(), now=current_time())
    flash(gettext("The product is set up. Everything is found again under Administration."))
    return redirect("/", 303)


def _show_processes() -> str:
    return _step("processes", deployed=deployed_names(db.session(), locale()))


def _show_begin(refusal: AppError | None = None, problem: str = "") -> Response:
    form = TypedForm({"zone": "Asia/Shanghai", "site_id": "hq"}, refusal)
    text = render_template(
        "first_run/begin.html", form=form, problem=problem or form.problem, steps=STEPS, here=STEPS[0].endpoint,
        shortest=SHORTEST, longest=LONGEST,
    )  # fmt: skip
    return make_response(text, 422 if problem else form.status)


def _step(name: str, **facts: object) -> str:
    endpoint = f"first_run.{name}"
    number = next(number for number, step in enumerate(STEPS) if step.endpoint == endpoint)
    following = STEPS[number + 1].endpoint if number + 1 < len(STEPS) else None
    return render_template(
        f"first_run/{name}.html", steps=STEPS, here=endpoint, following=following, **facts
    )


def _over() -> Response:
    error = FirstRunOver()
    return make_response(render_template("first_run/over.html", problem=gettext(error.msgid)), error.http_status)
