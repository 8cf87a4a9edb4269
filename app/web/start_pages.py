"""Starting a process: the list of those a person may start, and the start form of each."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.errors import NotFound
from app.extensions import db
from app.forms import BoundForm, bind
from app.i18n import N_
from app.identifiers import id_for, new_id
from app.models import ProcessInstance
from app.models.display_names import definition_names, site_names
from app.models.startable_processes import StartableProcess, startable_process, startable_processes
from app.models.user_task_place import first_for
from app.operations.failures import StepNotDone, record_failed_step
from app.operations.process_instances import CaseAlreadyStarted, start_process
from app.web.answers import wants_partial
from app.web.current import current_actor, current_person, current_time
from app.web.form_context import start_surroundings
from app.web.languages import locale
from app.web.navigation import process_color
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction
from app.web.user_task_form import form_definition
from app.web.user_tasks import EDITING_BUTTONS

blueprint = Blueprint("start_pages", __name__, url_prefix="/start")


@dataclass(frozen=True, slots=True)
class StartPage:
    """The start form of a process; `sites` are those to choose from, `problem` why it could not be started.

    offered_id: what the id of the case is made of, so that the same form sent twice is one case.
    """

    key: str
    name: str
    bound: BoundForm
    sites: list[tuple[str, str]]
    site_id: str
    has_form: bool
    offered_id: str
    problem: str = ""


@blueprint.get("")
@requires(Permission.START_PROCESS)
def index() -> str:
    """The processes that the person may start."""
    found = startable_processes(db.session(), current_person().id)
    names = definition_names(db.session(), {process.definition_id for process in found})
    tiles = [
        (url_for("start_pages.form", process_key=process.key), names[process.definition_id].process(locale()),
         process_color(process.key), bool(process.start_form_key))
        for process in found
    ]
    return render_template("start/list.html", tiles=sorted(tiles, key=lambda tile: tile[1]))


@blueprint.get("/<process_key>")
@requires(Permission.START_PROCESS)
def form(process_key: str) -> str:
    """The start form, empty."""
    process = _startable(process_key)
    return render_template("start/form.html", start=_page(process, *_bind(process)))


@blueprint.post("/<process_key>/form")
@requires(Permission.START_PROCESS)
@commits_itself  # writes nothing: a field changed on which others depend, so the form is shown anew
def form_again(process_key: str) -> ResponseReturnValue:
    """The form as it is with what is typed now."""
    process = _startable(process_key)
    page = _page(process, *_bind(process, request.form))
    if wants_partial():
        return render_template("user_tasks/_form_rows.html", bound=page.bound)
    return render_template("start/form.html", start=page)


@blueprint.post("/<process_key>")
@requires(Permission.START_PROCESS)
def start(process_key: str) -> ResponseReturnValue:
    """Check the answers, start the case and go on to what it asks for first."""
    process = _startable(process_key)
    site_id, bound = _bind(process, request.form)
    if EDITING_BUTTONS.intersection(request.form):
        return render_template("start/form.html", start=_page(process, site_id, bound))
    if not bound.validate():
        return render_template("start/form.html", start=_page(process, site_id, bound)), 422
    # The same answers sent again (the first answer was lost, or twice clicked) are the same case.
    sent = repr(sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"))
    try:
        case = start_process(
            db.session(), process_key, bound.values(), site_id=site_id, actor=current_actor(),
            now=current_time(), instance_id=id_for(request.form.get("offered_id", ""), sent.encode()),
        )
    except CaseAlreadyStarted as known:
        return _started_before(known)
    except StepNotDone as failure:
        return _failed(process, failure)
    return redirect(_first_step(case.id), 303)


def _started_before(known: CaseAlreadyStarted) -> ResponseReturnValue:
    """To the case, for who started it."""
    db.session.rollback()
    instance = db.session.get(ProcessInstance, known.instance_id)
    if instance is None or instance.started_by != current_person().id:
        raise known
    return redirect(_first_step(instance.id), 303)


def _startable(process_key: str) -> StartableProcess:
    process = startable_process(db.session(), current_person().id, process_key)
    if process is None:
        raise NotFound(N_("There is no such process, or you may not start it."))
    return process


def _bind(process: StartableProcess, posted: MultiDict[str, str] | None = None) -> tuple[str, BoundForm]:
    """The site that is chosen, and the form with what was typed."""
    session, now = db.session(), current_time()
    site_id = _chosen_site(process, posted.get("site_id") if posted else None)
    form = form_definition(process.definition_id, process.start_form_key)
    surroundings = start_surroundings(session, form, site_id, now)
    bound = bind(form, surroundings.values, posted, None, surroundings.environment, locale())
    return site_id, bound


def _page(process: StartableProcess, site_id: str, bound: BoundForm, problem: str = "") -> StartPage:
    session = db.session()
    names = definition_names(session, {process.definition_id})[process.definition_id]
    sites = site_names(session, process.site_ids)
    return StartPage(
        key=process.key,
        name=names.process(locale()),
        bound=bound,
        sites=sorted(sites.items(), key=lambda site: site[1]),
        site_id=site_id,
        has_form=process.start_form_key is not None,
        problem=problem,
        offered_id=request.form.get("offered_id") or new_id(),
    )


def _chosen_site(process: StartableProcess, wish: str | None) -> str:
    home = current_person().home_site_id
    return next((site for site in (wish, home) if site in process.site_ids and site), process.site_ids[0])


def _first_step(instance_id: str) -> str:
    following = first_for(db.session(), current_person().id, instance_id, current_time())
    if following:
        return url_for("user_tasks.show", user_task_id=following)
    return url_for("cases.show", instance_id=instance_id)


def _failed(process: StartableProcess, failure: StepNotDone) -> Response:
    db.session.rollback()
    with write_transaction():
        record_failed_step(db.session(), failure, actor=current_actor(), now=current_time())
    problem = gettext(
        "The diagram has a fault; the process owner has been told. %(reason)s",
        reason=gettext(failure.msgid, **failure.params),
    )
    page = _page(process, *_bind(process, request.form), problem)
    return make_response(render_template("start/form.html", start=page), failure.http_status)
