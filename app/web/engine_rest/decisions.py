"""/decision-definition and /decision-requirements-definition: decisions of the deployments in force and their files."""

from collections.abc import Mapping

from flask import Response
from flask.typing import ResponseReturnValue

from app import feel
from app.diagrams import PAPER
from app.errors import NotFound
from app.extensions import db
from app.feel.dmn import DecisionModel
from app.i18n import N_
from app.models.program_definitions import resources_of
from app.operations.case_drawings import draw_requirements
from app.operations.definitions import LoadedDefinition, latest_definition_ids, load_definition
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_person, current_time
from app.web.engine_rest.bodies import object_in, read_body
from app.web.engine_rest.list_routes import BY_ADDRESS, View, add_reading
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.short_lists import (
    EVERY_ROW,
    NO_ROW,
    Shape,
    ShortList,
    add_short_list,
    one_of,
    resembling,
    same,
)
from app.web.engine_rest.sites import refuse_foreign_site
from app.web.engine_rest.variables import read_variables, write_variable
from app.web.permissions import Permission, requires
from app.web.rate_limits import within_limit
from app.web.transactions import commits_itself

DECISIONS, FILES = "/decision-definition", "/decision-requirements-definition"
blueprint = resource("decision_definition")

_COMMON = {
    "key": same("key"),
    "keyLike": resembling("key"),
    "name": same("name"),
    "nameLike": resembling("name"),
    "version": same("version", "number"),
    "deploymentId": same("deploymentId"),
    "resourceName": same("resource"),
    "resourceNameLike": resembling("resource"),
    # Only those in force are listed; they belong to the whole company, to no site.
    "latestVersion": EVERY_ROW,
    "tenantIdIn": NO_ROW,
    "withoutTenantId": EVERY_ROW,
}
_OF_DECISIONS = {
    **_COMMON,
    "decisionDefinitionId": same("id"),
    "decisionDefinitionIdIn": one_of("id"),
    "decisionRequirementsDefinitionId": same("decisionRequirementsDefinitionId"),
    "decisionRequirementsDefinitionKey": same("decisionRequirementsDefinitionKey"),
    "includeDecisionDefinitionsWithoutTenantId": EVERY_ROW,
    "withoutVersionTag": EVERY_ROW,
}
_OF_FILES = {
    **_COMMON,
    "decisionRequirementsDefinitionId": same("id"),
    "decisionRequirementsDefinitionIdIn": one_of("id"),
    "includeDecisionRequirementsDefinitionsWithoutTenantId": EVERY_ROW,
}
_ORDERS = {name: name for name in ("key", "name", "version", "id", "deploymentId")}


class DecisionNotFound(NotFound):
    """No deployment in force has the decision."""


def _decision(**named: str) -> ResponseReturnValue:
    return _existing(named)[0]


def _decision_xml(**named: str) -> ResponseReturnValue:
    return _xml(_existing(named)[0])


def _decision_diagram(**named: str) -> ResponseReturnValue:
    return _picture(_existing(named)[0])


def _file(**named: str) -> ResponseReturnValue:
    return existing_file(named)


def _file_xml(**named: str) -> ResponseReturnValue:
    return _xml(existing_file(named))


def _file_diagram(**named: str) -> ResponseReturnValue:
    return _picture(existing_file(named))


@blueprint.post(f"{DECISIONS}/<decision_id>/evaluate")
@blueprint.post(f"{DECISIONS}/key/<decision_key>/evaluate")
@blueprint.post(f"{DECISIONS}/key/<decision_key>/tenant-id/<site_id>/evaluate")
@requires(Permission.READ_CASES)
@needs_scope("read")
@commits_itself  # only computes
def evaluate(**named: str) -> ResponseReturnValue:
    """What it decides for these values: a list of results, one for each rule that counted."""
    within_limit("api")
    shape, model = _existing(named)
    values = read_variables(object_in(read_body(), "variables"))
    wanted = model.inputs_of(shape["key"])
    known = {name: value for name, value in values.items() if name in wanted}
    environment = feel.Environment(now=current_time(), zone=current_person().zone)
    try:
        result = model.evaluate(shape["key"], known, environment)
    except feel.BudgetExceeded as error:
        raise MalformedRequest(N_("The decision takes too long or becomes too large.")) from error
    rows = model.rows(shape["key"], result)
    return [{name: write_variable(value) for name, value in row.items()} for row in rows]


def _existing(named: Mapping[str, str]) -> tuple[Shape, DecisionModel]:
    """The decision of an address: by its id or its key, perhaps at a site. Raises DecisionNotFound, NotFound."""
    refuse_foreign_site(named.get("site_id"))
    for shape, model in _known().values():
        if named.get("decision_key") == shape["key"] or named.get("decision_id") == shape["id"]:
            return shape, model
    raise _unknown(named.get("decision_key") or named.get("decision_id"))


def existing_file(named: Mapping[str, str]) -> Shape:
    """The same for a file with decisions."""
    refuse_foreign_site(named.get("site_id"))
    for shape in _files().values():
        if named.get("file_key") == shape["key"] or named.get("file_id") == shape["id"]:
            return shape
    raise _unknown(named.get("file_key") or named.get("file_id"))


def decisions_of(file: Shape) -> list[str]:
    """The keys of the decisions in a file."""
    return [shape["key"] for shape in _decisions() if shape["decisionRequirementsDefinitionId"] == file["id"]]


def _unknown(name: str | None) -> DecisionNotFound:
    return DecisionNotFound(N_("There is no decision “%(name)s”."), name=(name or "")[:80])


def _xml(shape: Shape) -> Shape:
    """The file as it was deployed."""
    return {"id": shape["id"], "dmnXml": _content(shape).decode("utf-8", "replace")}


def _picture(shape: Shape) -> ResponseReturnValue:
    """What the decisions of its file require (SVG); nothing where it cannot be drawn."""
    picture = draw_requirements(_content(shape), shape["name"] or shape["key"], style=PAPER)
    return Response(picture, mimetype="image/svg+xml") if picture else DONE


def _content(shape: Shape) -> bytes:
    files: dict[str, bytes] = dict(db.session.execute(resources_of(shape["deploymentId"])).all())
    return files[shape["resource"]]


def _decisions() -> list[Shape]:
    return [shape for shape, _model in _known().values()]


def _known() -> dict[str, tuple[Shape, DecisionModel]]:
    """Decisions by key, with what clients know of them; of several deployments in force the newest one counts."""
    return {
        key: (decision_shape(key, model, definition), model)
        for definition in _in_force()
        for key, model in definition.decisions.items()
    }


def decision_id(key: str, definition: LoadedDefinition) -> str:
    """The id of a decision, or of a file with decisions, as it was deployed."""
    return f"{key}:{definition.version}:{definition.deployment_id}"


def _files() -> dict[str, Shape]:
    """Files with decisions, by key; the newest one counts here as well."""
    found = (
        file_shape(model, definition.decision_files[key], definition)
        for definition in _in_force()
        for key, model in definition.decisions.items()
    )
    return {shape["key"]: shape for shape in found}


def _in_force() -> list[LoadedDefinition]:
    session = db.session()
    in_force = [load_definition(session, definition_id) for definition_id in latest_definition_ids(session)]
    return sorted(in_force, key=lambda definition: definition.deployment_id)  # identifiers ascend with time


def decision_shape(key: str, model: DecisionModel, definition: LoadedDefinition) -> Shape:
    """A decision as clients know it."""
    file = file_shape(model, definition.decision_files[key], definition)
    return {
        **file,
        "id": decision_id(key, definition),
        "key": key,
        "name": model.name_of(key),
        "decisionRequirementsDefinitionId": file["id"],
        "decisionRequirementsDefinitionKey": file["key"],
        "historyTimeToLive": None,
        "versionTag": None,
    }


def file_shape(model: DecisionModel, filename: str, definition: LoadedDefinition) -> Shape:
    """A file with decisions as clients know it."""
    key = model.id or filename
    return {
        "id": decision_id(key, definition),
        "key": key,
        "name": model.name or None,
        "category": None,
        "version": definition.version,
        "resource": filename,
        "deploymentId": definition.deployment_id,
        "tenantId": None,
    }


def _add(path: str, view: View) -> None:
    add_reading(blueprint, path, BY_ADDRESS, view)


add_short_list(blueprint, DECISIONS, ShortList(lambda _sent: _decisions(), _OF_DECISIONS, _ORDERS))
add_short_list(blueprint, FILES, ShortList(lambda _sent: _files().values(), _OF_FILES, _ORDERS))
for place in ("<decision_id>", "key/<decision_key>", "key/<decision_key>/tenant-id/<site_id>"):
    _add(f"{DECISIONS}/{place}", _decision)
    _add(f"{DECISIONS}/{place}/xml", _decision_xml)
    _add(f"{DECISIONS}/{place}/diagram", _decision_diagram)
for place in ("<file_id>", "key/<file_key>", "key/<file_key>/tenant-id/<site_id>"):
    _add(f"{FILES}/{place}", _file)
    _add(f"{FILES}/{place}/xml", _file_xml)
    _add(f"{FILES}/{place}/diagram", _file_diagram)
