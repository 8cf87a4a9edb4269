"""/process-definition: versions of processes, by id or, the newest one, by key."""

import json
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from app.diagrams import PAPER, Marks
from app.engine import called_by_activity
from app.extensions import db
from app.i18n import N_
from app.models.case_details import diagram_of
from app.models.form_data import form_files
from app.models.program_definitions import PROCESS_DEFINITIONS, open_cases_by_definition, open_passes_by_element
from app.operations.case_drawings import draw_definition
from app.operations.definitions import DefinitionNotFound, latest_definition_id, load_definition
from app.web.bearers import needs_scope
from app.web.current import current_person
from app.web.engine_rest.list_routes import BY_ADDRESS, View, add_list, add_reading
from app.web.engine_rest.lists import found_in, found_rows, listed
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.sites import refuse_foreign_site
from app.web.languages import locale
from app.web.permissions import Permission, requires

blueprint = resource("process_definition", "/process-definition")

ADDRESSES = ("/<definition_id>", "/key/<process_key>", "/key/<process_key>/tenant-id/<site_id>")


@blueprint.get("/statistics")
@requires(Permission.READ_CASES)
@needs_scope("read")
def statistics() -> ResponseReturnValue:
    """Open cases of each version, as far as the person may see them."""
    found = dict(db.session.execute(open_cases_by_definition(current_person().id)).all())
    versions = listed(PROCESS_DEFINITIONS, shape)
    return [
        {"id": one["id"], "instances": found.get(one["id"], 0), "failedJobs": 0, "incidents": [], "definition": one}
        for one in versions
    ]


def _one(found: Any) -> ResponseReturnValue:
    return shape(found)


def _xml(found: Any) -> ResponseReturnValue:
    """Its diagram as it was deployed."""
    content = diagram_of(db.session(), found.id) or b""
    return {"id": found.id, "bpmn20Xml": content.decode("utf-8", "replace")}


def _diagram(found: Any) -> ResponseReturnValue:
    """Its diagram as a picture (SVG), in light colours of its own; nothing where it cannot be drawn."""
    picture = draw_definition(db.session(), found.id, Marks(), found.name, locale=locale(), style=PAPER)
    return Response(picture, mimetype="image/svg+xml") if picture else DONE


def _activity_statistics(found: Any) -> ResponseReturnValue:
    """Where its open cases stand: how often each element is open."""
    rows = db.session.execute(open_passes_by_element(current_person().id, found.id))
    return [{"id": element_id, "instances": passes, "failedJobs": 0, "incidents": []} for element_id, passes in rows]


def _start_form(found: Any) -> ResponseReturnValue:
    """The key of its start form."""
    return {"key": found.start_form_key, "contextPath": None}


def _form_variables(found: Any) -> ResponseReturnValue:
    """The variables that its start form asks for; there are no values yet."""
    form = load_definition(db.session(), found.id).forms.get(found.start_form_key or "")
    names = sorted(form.keys) if form else []
    return {name: {"type": "Null", "value": None, "valueInfo": {}} for name in names}


def _deployed_start_form(found: Any) -> ResponseReturnValue:
    """Its start form as it was deployed."""
    return form_file(found.id, found.start_form_key)


def _called(definition_id: str) -> ResponseReturnValue:
    """The processes that its call activities always call, and from where; in force is what was deployed with it."""
    found = existing(definition_id=definition_id)
    loaded = load_definition(db.session(), found.id)
    callers: dict[str, list[str]] = {}
    for element_id, process_key in sorted(called_by_activity(loaded.process).items()):
        callers.setdefault(process_key, []).append(element_id)
    called = {"deploymentId": loaded.deployment_id, "keysIn": sorted(callers)}
    rows = found_rows(PROCESS_DEFINITIONS, called) if callers else ()
    return [
        {**shape(row), "calledFromActivityIds": callers[row.key], "callingProcessDefinitionId": found.id}
        for row in rows
    ]


def form_file(definition_id: str, form_key: str | None) -> Response:
    """The file of a form; raises DefinitionNotFound where there is none."""
    for content in form_files(db.session(), definition_id):
        if json.loads(content).get("id") == form_key:
            return Response(content, mimetype="application/json")
    raise DefinitionNotFound(N_("There is no form."))


def existing(definition_id: str | None = None, process_key: str | None = None, site_id: str | None = None) -> Any:
    """The version of this id, or the newest one of this process. Raises DefinitionNotFound, NotFound.

    Arguments: site_id, where an address names a site, as clients do that know several tenants.
    """
    refuse_foreign_site(site_id)
    found_id = definition_id or latest_definition_id(db.session(), process_key or "")
    return found_in(
        PROCESS_DEFINITIONS,
        found_id,
        lambda: DefinitionNotFound(N_("There is no process “%(process)s”."), process=found_id),
    )


def shape(row: Any) -> dict[str, Any]:
    """A version as clients know it."""
    return {
        "id": row.id,
        "key": row.key,
        "category": None,
        "description": None,
        "name": row.name,
        "version": row.version,
        "resource": row.resource_name,
        "deploymentId": row.deployment_id,
        "diagram": None,
        "suspended": row.is_suspended,
        "tenantId": None,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": row.is_startable,
    }


add_list(blueprint, "", PROCESS_DEFINITIONS, shape, methods=BY_ADDRESS)


def _add(rest: str, view: View) -> None:
    """The same below each address of a version."""

    def answer(**named: str) -> ResponseReturnValue:
        return view(existing(**named))

    for place in ADDRESSES:
        add_reading(blueprint, place + rest, BY_ADDRESS, answer)


_add("", _one)
_add("/xml", _xml)
_add("/diagram", _diagram)
_add("/statistics", _activity_statistics)
_add("/startForm", _start_form)
_add("/form-variables", _form_variables)
_add("/deployed-start-form", _deployed_start_form)
add_reading(blueprint, "/<definition_id>/static-called-process-definitions", BY_ADDRESS, _called)
