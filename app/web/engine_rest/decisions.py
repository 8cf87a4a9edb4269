"""/decision-definition: the decisions of the deployments in force, evaluated with values that a program sends."""

from typing import Any

from flask.typing import ResponseReturnValue

from app import feel
from app.errors import NotFound
from app.extensions import db
from app.feel.dmn import DecisionModel
from app.i18n import N_
from app.models.program_definitions import resources_of
from app.operations.definitions import LoadedDefinition, latest_definition_ids, load_definition
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person, current_time, this_request
from app.web.engine_rest.bodies import object_in, read_body
from app.web.engine_rest.resource import resource
from app.web.engine_rest.variables import read_variables, write_variable
from app.web.permissions import Permission, requires
from app.web.rate_limits import within_limit
from app.web.transactions import commits_itself

blueprint = resource("decision_definition", "/decision-definition")


class DecisionNotFound(NotFound):
    """No deployment in force has the decision."""


@blueprint.get("")
@requires(Permission.READ_CASES)
@needs_scope("read")
def query() -> ResponseReturnValue:
    """All of them, or those of a key."""
    key = this_request().args.get("key")
    return [shape for shape, _model in _known().values() if key in (None, shape["key"])]


@blueprint.get("/<decision_id>")
@blueprint.get("/key/<decision_key>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def one(decision_key: str | None = None, decision_id: str | None = None) -> ResponseReturnValue:
    """One of them."""
    return _existing(decision_key, decision_id)[0]


@blueprint.get("/<decision_id>/xml")
@blueprint.get("/key/<decision_key>/xml")
@requires(Permission.READ_CASES)
@needs_scope("read")
def xml(decision_key: str | None = None, decision_id: str | None = None) -> ResponseReturnValue:
    """Its file as it was deployed."""
    shape, _model = _existing(decision_key, decision_id)
    files: dict[str, bytes] = dict(db.session.execute(resources_of(shape["deploymentId"])).all())
    return {"id": shape["id"], "dmnXml": files[shape["resource"]].decode("utf-8", "replace")}


@blueprint.post("/<decision_id>/evaluate")
@blueprint.post("/key/<decision_key>/evaluate")
@requires(Permission.READ_CASES)
@needs_scope("read")
@commits_itself  # only computes
def evaluate(decision_key: str | None = None, decision_id: str | None = None) -> ResponseReturnValue:
    """What it decides for these values: a list of results, one for each rule that counted."""
    within_limit("api")
    shape, model = _existing(decision_key, decision_id)
    values = read_variables(object_in(read_body(), "variables"))
    known = {name: value for name, value in values.items() if name in model.input_names}
    environment = feel.Environment(now=current_time(), zone=current_person().zone)
    try:
        result = model.evaluate(shape["key"], known, environment)
    except feel.BudgetExceeded as error:
        raise MalformedRequest(N_("The decision takes too long or becomes too large.")) from error
    rows = model.rows(shape["key"], result.value)
    return [{name: write_variable(value) for name, value in row.items()} for row in rows]


def _existing(decision_key: str | None, decision_id: str | None) -> tuple[dict[str, Any], DecisionModel]:
    for shape, model in _known().values():
        if decision_key == shape["key"] or decision_id == shape["id"]:
            return shape, model
    raise DecisionNotFound(N_("There is no decision “%(name)s”."), name=(decision_key or decision_id or "")[:80])


def _known() -> dict[str, tuple[dict[str, Any], DecisionModel]]:
    """Decisions by key, with what clients know of them; of several deployments in force the newest one counts."""
    session = db.session()
    in_force = [load_definition(session, definition_id) for definition_id in latest_definition_ids(session)]
    in_force.sort(key=lambda definition: definition.deployment_id)  # identifiers ascend with time
    return {
        key: (_shape(key, definition), model) for definition in in_force for key, model in definition.decisions.items()
    }


def decision_id(key: str, definition: LoadedDefinition) -> str:
    """The id of a decision as it was deployed."""
    return f"{key}:{definition.version}:{definition.deployment_id}"


def _shape(key: str, definition: LoadedDefinition) -> dict[str, Any]:
    return {
        "id": decision_id(key, definition),
        "key": key,
        "category": None,
        "name": key,
        "version": definition.version,
        "resource": definition.decision_files[key],
        "deploymentId": definition.deployment_id,
        "tenantId": None,
        "decisionRequirementsDefinitionId": None,
        "decisionRequirementsDefinitionKey": None,
        "historyTimeToLive": None,
        "versionTag": None,
    }
