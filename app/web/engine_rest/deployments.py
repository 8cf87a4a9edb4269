"""/deployment: bundles of diagrams, decision tables and forms: made, listed, read, deleted."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.extensions import db
from app.i18n import N_
from app.identifiers import new_id
from app.models.program_definitions import DEPLOYMENTS, definitions_of, resources_of
from app.operations.definitions import load_definition
from app.operations.deployment_removal import delete_deployment
from app.operations.deployment_warnings import DeploymentNotFound
from app.operations.deployments import deploy
from app.web.bearers import needs_scope
from app.web.body_limits import receives_files
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_actor, current_time, this_request
from app.web.downloads import download
from app.web.engine_rest.bodies import read_body, texts_in
from app.web.engine_rest.decisions import decision_shape, file_shape
from app.web.engine_rest.definitions import shape as shape_definition
from app.web.engine_rest.list_routes import BY_ADDRESS, add_list
from app.web.engine_rest.lists import found_in, found_rows
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.permissions import Permission, requires

blueprint = resource("deployment", "/deployment")

LONGEST_NAME = 120
NOTHING_NEW: Mapping[str, None] = {
    "deployedProcessDefinitions": None,
    "deployedDecisionDefinitions": None,
    "deployedDecisionRequirementsDefinitions": None,
    "deployedCaseDefinitions": None,
}
FILTERING = ("enable-duplicate-filtering", "deploy-changed-only")


@blueprint.post("/create")
@requires(Permission.DEPLOY)
@needs_scope("deploy")
@receives_files
def create() -> ResponseReturnValue:
    """Deploy the files of a form (multipart); what is deployed already gives no new version."""
    sent = this_request()
    files = [file for _name, file in sent.files.items(multi=True) if file.filename]
    if not files:
        raise MalformedRequest(N_("Send at least one file."))
    tells_all = not any(sent.form.get(name, "").lower() == "true" for name in FILTERING)
    return _deploy(_contents(files), sent.form.get("deployment-name") or _name(files[0]), tells_all=tells_all)


@blueprint.post("/<deployment_id>/redeploy")
@requires(Permission.DEPLOY)
@needs_scope("deploy")
def redeploy(deployment_id: str) -> ResponseReturnValue:
    """Put the files of a deployment into force again, or those of them that are named."""
    found = found_in(DEPLOYMENTS, deployment_id, lambda: _unknown(deployment_id))
    body, contents = read_body(), _resources(deployment_id)
    named = {*texts_in(body, "resourceIds"), *texts_in(body, "resourceNames")} or contents.keys()
    for filename in named - contents.keys():
        raise _unknown(f"{deployment_id} {filename}")
    return _deploy({name: contents[name] for name in named}, found.name, tells_all=True)


@blueprint.get("/registered")
@requires(Permission.READ_CASES)
@needs_scope("read")
def registered() -> ResponseReturnValue:
    """The deployments whose jobs are done here: all of them."""
    return [row.id for row in found_rows(DEPLOYMENTS, {})]


@blueprint.get("/<deployment_id>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def one(deployment_id: str) -> ResponseReturnValue:
    """A deployment."""
    return shape(found_in(DEPLOYMENTS, deployment_id, lambda: _unknown(deployment_id)))


@blueprint.delete("/<deployment_id>")
@requires(Permission.DEPLOY)
@needs_scope("deploy")
def remove(deployment_id: str) -> ResponseReturnValue:
    """Delete one from which no case was ever started; of others the history needs it, whatever `cascade` says."""
    delete_deployment(db.session(), deployment_id, actor=current_actor(), now=current_time())
    return DONE


@blueprint.get("/<deployment_id>/resources")
@requires(Permission.READ_CASES)
@needs_scope("read")
def resources(deployment_id: str) -> ResponseReturnValue:
    """Its files; a file is known by its name."""
    return [{"id": name, "name": name, "deploymentId": deployment_id} for name in _resources(deployment_id)]


@blueprint.get("/<deployment_id>/resources/<filename>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def file_of(deployment_id: str, filename: str) -> ResponseReturnValue:
    """One of its files."""
    _content(deployment_id, filename)
    return {"id": filename, "name": filename, "deploymentId": deployment_id}


@blueprint.get("/<deployment_id>/resources/<filename>/data")
@requires(Permission.READ_CASES)
@needs_scope("read")
def data(deployment_id: str, filename: str) -> Response:
    """The content of one of its files."""
    return download(_content(deployment_id, filename), filename, "application/octet-stream")


def _deploy(contents: Mapping[str, bytes], name: str, *, tells_all: bool) -> ResponseReturnValue:
    """Arguments: tells_all, also what is in force already; clients that filter duplicates want only what is new."""
    before, now = new_id(), current_time()
    # Diagrams of other makers name groups of other places: that is no reason to refuse them here (decisions).
    deployment = deploy(
        db.session(), contents, name=name[:LONGEST_NAME], reason=REASON, needs_groups=False,
        actor=current_actor(), now=now,
    )  # fmt: skip
    is_told = tells_all or deployment.id > before  # identifiers ascend with time
    return {**shape(deployment), **(_definitions(deployment.id) if is_told else NOTHING_NEW)}


def _definitions(deployment_id: str) -> dict[str, dict[str, Any] | None]:
    """What came with a deployment, by id."""
    found = db.session.execute(definitions_of(deployment_id)).all()
    loaded = load_definition(db.session(), found[0].id)
    decisions = [decision_shape(key, model, loaded) for key, model in loaded.decisions.items()]
    files = [file_shape(model, loaded.decision_files[key], loaded) for key, model in loaded.decisions.items()]
    return {
        "deployedProcessDefinitions": {row.id: shape_definition(row) for row in found},
        "deployedDecisionDefinitions": {one["id"]: one for one in decisions} or None,
        "deployedDecisionRequirementsDefinitions": {one["id"]: one for one in files} or None,
        "deployedCaseDefinitions": None,
    }


def _resources(deployment_id: str) -> dict[str, bytes]:
    found: dict[str, bytes] = dict(db.session.execute(resources_of(deployment_id)).all())
    if not found:
        raise _unknown(deployment_id)
    return found


def _content(deployment_id: str, filename: str) -> bytes:
    found = _resources(deployment_id).get(filename)
    if found is None:
        raise _unknown(deployment_id)
    return found


def _unknown(deployment_id: str) -> DeploymentNotFound:
    return DeploymentNotFound(N_("There is no deployment “%(id)s”."), id=deployment_id[:80])


def _contents(files: list[FileStorage]) -> dict[str, bytes]:
    contents = {_name(file): file.read() for file in files}
    if len(contents) != len(files):
        raise MalformedRequest(N_("Two files have the same name."))
    return contents


def _name(file: FileStorage) -> str:
    """Without folders: clients send whole paths."""
    return (file.filename or "").replace("\\", "/").rpartition("/")[2][:200]


def shape(row: Any) -> dict[str, Any]:
    """A deployment as clients know it."""
    return {
        "links": [],
        "id": row.id,
        "name": row.name,
        "source": None,
        "deploymentTime": write_moment(row.deployed_at),
        "tenantId": None,
    }


add_list(blueprint, "", DEPLOYMENTS, shape, methods=BY_ADDRESS)
