"""The diagram of a case as a PDF: to file it, to send it to somebody without access, to put it before an auditor."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, current_app, render_template
from markupsafe import Markup

from app.diagrams import PAPER
from app.extensions import db
from app.models.case_details import Step, steps_of
from app.models.display_names import DefinitionNames, definition_names, site_names
from app.models.process_instance import ProcessInstance
from app.operations.actor import SYSTEM
from app.operations.case_drawings import STATE_WORDS, told_duration
from app.web.case_diagram import drawing_label
from app.web.case_drawing import case_drawing
from app.web.case_states import state_name
from app.web.content_places import existing_case
from app.web.current import current_person, current_time
from app.web.downloads import download
from app.web.element_words import kind_name
from app.web.languages import locale
from app.web.looks import log_look
from app.web.people_names import acting_name, actor_names
from app.web.permissions import Permission, requires
from app.web.rate_limits import within_limit
from app.web.stored_files import SANDBOX
from app.web.texts import gettext

blueprint = Blueprint("case_documents", __name__, url_prefix="/cases")
MOST_STEPS = 400  # the history has the rest: a sheet of a hundred pages helps nobody
# Work that no person did.
_BY_THE_SYSTEM = frozenset({"serviceTask", "scriptTask", "businessRuleTask", "sendTask"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the table of steps."""

    name: str
    kind: str
    who: str
    state: str
    began: str
    ended: str
    spent: str


@blueprint.get("/<instance_id>/diagram.pdf")
@requires(Permission.READ_CASES)
def diagram_pdf(instance_id: str) -> Response:
    """The drawing with the path taken, and the steps below it."""
    instance = existing_case(instance_id)
    within_limit("export")
    log_look(instance.customer_id)
    instance = existing_case(instance_id)
    name, page = f"{instance.case_number}.pdf", _sheet(instance)
    db.session.rollback()  # nobody waits for a connection while the document is made
    answer = download(current_app.extensions["documents"](page, "pdf"), name, "application/pdf")
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _sheet(instance: ProcessInstance) -> str:
    names = definition_names(db.session(), {instance.definition_id})[instance.definition_id]
    process = names.process(locale())
    rows = _rows(instance.id, names)
    return render_template(
        "cases/diagram_sheet.html",
        case=instance,
        state=state_name(instance.state),
        process=process,
        version=names.version,
        site=site_names(db.session(), {instance.site_id})[instance.site_id],
        made=_moment(current_time()),
        zone=str(current_person().zone),
        asked_by=current_person().display_name,
        started=_moment(instance.started_at),
        ended=_moment(instance.ended_at),
        drawing=_drawing(instance, process),
        legend=[(state, gettext(STATE_WORDS[state])) for state in ("done", "active", "incident", "cancelled")],
        rows=rows,
        is_cut=len(rows) == MOST_STEPS,
    )


def _drawing(instance: ProcessInstance, process: str) -> Markup:
    return case_drawing(instance, drawing_label(process, instance.case_number), style=PAPER)


def _rows(instance_id: str, names: DefinitionNames) -> list[SheetRow]:
    steps = steps_of(db.session(), instance_id, MOST_STEPS)
    ids = {person for step in steps for person in (step.assignee_id, step.ended_by, step.ended_for)}
    people = actor_names(ids)
    return [
        SheetRow(
            name=names.element(step.element_id, step.element_name, locale()) if step.element_name else "",
            kind=kind_name(step.element_type),
            who=_who(step, people),
            state=gettext(STATE_WORDS[step.state]),
            began=_moment(step.started_at),
            ended=_moment(step.ended_at),
            spent=told_duration(step.ended_at - step.started_at, locale()) if step.ended_at else "",
        )
        for step in steps
    ]


def _who(step: Step, people: dict[str, str]) -> str:
    if step.element_type in _BY_THE_SYSTEM:
        return people[SYSTEM.user_id]
    person = step.ended_by or step.assignee_id
    if not person:
        return ""
    return acting_name(person, step.ended_for if step.ended_by and step.ended_for != step.ended_by else None, people)


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(current_person().zone):%Y-%m-%d %H:%M}" if moment else ""
