"""Cases: the list with search and filters, the page of a case, and its diagram."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.case_details import diagram_of, run_of
from app.models.case_list import STATES, CaseFilter, case_page, readable_process_keys
from app.models.display_names import newest_definition_names
from app.web.answers import wants_partial
from app.web.case_diagram import diagram_view
from app.web.case_list_view import ShownCase, show_cases
from app.web.case_tabs import add_case_tabs
from app.web.case_view import CaseView, case_view
from app.web.content_places import existing_case
from app.web.current import current_person
from app.web.discussion_view import discussion_of
from app.web.file_list import file_list
from app.web.languages import locale
from app.web.looks import log_look
from app.web.permissions import Permission, requires
from app.web.searched_words import searched_words
from app.web.texts import gettext
from app.web.timeline import case_timeline

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("")
@requires(Permission.READ_CASES)
def index() -> str:
    """The cases a person may see, newest first."""
    words = searched_words()
    # Who looks for a number wants the case, whatever became of it; the list without words is about open work.
    state = request.args.get("state", "all" if words else "open")
    wanted = CaseFilter(
        state=state if state in STATES else "open",
        process_key=request.args.get("process") or None,
        words=words,
    )
    page = case_page(db.session(), current_person().id, wanted, after=request.args.get("after"))
    shown: list[ShownCase] = show_cases(page.rows)
    following: dict[str, Any] = {
        "state": wanted.state, "process": wanted.process_key, "q": wanted.words, "after": page.next_cursor,
    }
    processes = newest_definition_names(db.session(), readable_process_keys(db.session(), current_person().id))
    template = "cases/_rows.html" if wants_partial() and request.args.get("after") else "cases/list.html"
    return render_template(
        template,
        cases=shown,
        wanted=wanted,
        states=_state_choices(),
        processes=sorted((key, names.process(locale())) for key, names in processes.items()),
        more_url=url_for("cases.index", **following) if page.next_cursor else None,
    )


@blueprint.get("/<instance_id>")
@requires(Permission.READ_CASES)
def show(instance_id: str) -> str:
    """The overview of a case."""
    return _page(instance_id, "overview")


def _page(instance_id: str, tab: str) -> str:
    log_look(existing_case(instance_id).customer_id)
    instance = existing_case(instance_id)
    case: CaseView = case_view(instance, tab)
    return render_template(
        "cases/page.html",
        case=case,
        timeline=case_timeline(instance) if tab == "history" else None,
        diagram=diagram_view(instance, case.process_name) if tab == "diagram" else None,
        discussion=discussion_of(instance) if tab == "discussion" else None,
        files=file_list(instance) if tab == "files" else None,
    )


add_case_tabs(blueprint, "/<instance_id>", _page)


@blueprint.get("/<instance_id>/diagram.xml")
@requires(Permission.READ_CASES)
def diagram_xml(instance_id: str) -> Response:
    """The BPMN file that the case is pinned to."""
    xml = diagram_of(db.session(), existing_case(instance_id).definition_id)
    if xml is None:
        raise NotFound(N_("The diagram of this case is missing. Tell your administrator."))
    return Response(xml, mimetype="application/xml")


@blueprint.get("/<instance_id>/run.json")
@requires(Permission.READ_CASES)
def run_json(instance_id: str) -> Response:
    """What became of each element and how often each flow was taken."""
    return jsonify(asdict(run_of(db.session(), existing_case(instance_id).id)))


def _state_choices() -> list[tuple[str, str]]:
    return [
        ("open", gettext("Open")), ("incident", gettext("With an incident")), ("completed", gettext("Completed")),
        ("cancelled", gettext("Cancelled")), ("all", gettext("All states")),
    ]
