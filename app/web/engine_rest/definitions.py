"""/process-definition: versions of processes, by id or, the newest one, by key."""

import json
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.case_details import diagram_of
from app.models.form_data import form_files
from app.models.program_definitions import PROCESS_DEFINITIONS, open_cases_by_definition, open_passes_by_element
from app.operations.definitions import DefinitionNotFound, latest_definition_id, load_definition
from app.web.bearers import needs_scope
from app.web.current import current_person
from app.web.engine_rest.list_routes import BY_ADDRESS, add_list
from app.web.engine_rest.lists import found_in, listed
from app.web.engine_rest.resource import resource
from app.web.permissions import Permission, requires

blueprint = resource("process_definition", "/process-definition")


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


@blueprint.get("/<definition_id>")
@blueprint.get("/key/<process_key>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def one(definition_id: str | None = None, process_key: str | None = None) -> ResponseReturnValue:
    """A version."""
    return shape(existing(definition_id, process_key))


@blueprint.get("/<definition_id>/xml")
@blueprint.get("/key/<process_key>/xml")
@requires(Permission.READ_CASES)
@needs_scope("read")
def xml(definition_id: str | None = None, process_key: str | None = None) -> ResponseReturnValue:
    """Its diagram as it was deployed."""
    found = existing(definition_id, process_key)
    content = diagram_of(db.session(), found.id) or b""
    return {"id": found.id, "bpmn20Xml": content.decode("utf-8", "replace")}


@blueprint.get("/<definition_id>/statistics")
@blueprint.get("/key/<process_key>/statistics")
@requires(Permission.READ_CASES)
@needs_scope("read")
def activity_statistics(definition_id: str | None = None, process_key: str | None = None) -> ResponseReturnValue:
    """Where its open cases stand: how often each element is open."""
    found = existing(definition_id, process_key)
    rows = db.session.execute(open_passes_by_element(current_person().id, found.id))
    return [{"id": element_id, "instances": passes, "failedJobs": 0, "incidents": []} for element_id, passes in rows]


@blueprint.get("/<definition_id>/startForm")
@blueprint.get("/key/<process_key>/startForm")
@requires(Permission.READ_CASES)
@needs_scope("read")
def start_form(definition_id: str | None = None, process_key: str | None = None) -> ResponseReturnValue:
    """The key of its start form."""
    found = existing(definition_id, process_key)
    return {"key": found.start_form_key, "contextPath": None}


@blueprint.get("/<definition_id>/form-variables")
@blueprint.get("/key/<process_key>/form-variables")
@requires(Permission.READ_CASES)
@needs_scope("read")
def form_variables(definition_id: str | None = None, process_key: str | None = None) -> ResponseReturnValue:
    """The variables that its start form asks for; there are no values yet."""
    found = existing(definition_id, process_key)
    form = load_definition(db.session(), found.id).forms.get(found.start_form_key or "")
    names = sorted(form.keys) if form else []
    return {name: {"type": "Null", "value": None, "valueInfo": {}} for name in names}


@blueprint.get("/<definition_id>/deployed-start-form")
@blueprint.get("/key/<process_key>/deployed-start-form")
@requires(Permission.READ_CASES)
@needs_scope("read")
def deployed_start_form(definition_id: str | None = None, process_key: str | None = None) -> ResponseReturnValue:
    """Its start form as it was deployed."""
    found = existing(definition_id, process_key)
    return form_file(found.id, found.start_form_key)


def form_file(definition_id: str, form_key: str | None) -> Response:
    """The file of a form; raises DefinitionNotFound where there is none."""
    for content in form_files(db.session(), definition_id):
        if json.loads(content).get("id") == form_key:
            return Response(content, mimetype="application/json")
    raise DefinitionNotFound(N_("There is no form."))


def existing(definition_id: str | None, process_key: str | None) -> Any:
    """The version of this id, or the newest one of this process. Raises DefinitionNotFound."""
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
