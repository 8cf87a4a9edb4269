"""/migration: cases taken to another version, as a plan that clients make, check and carry out."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app import engine
from app.extensions import db
from app.i18n import N_
from app.operations.case_batches import BatchOrder
from app.operations.case_migration import migrate_case, require_version
from app.operations.definitions import load_definition
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.current import current_actor, current_time
from app.web.engine_rest.batches import ordered
from app.web.engine_rest.bodies import missing_value, needed_text, object_in, objects_in, read_body, texts_in
from app.web.engine_rest.cases import open_case
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.permissions import Permission, requires

blueprint = resource("migration", "/migration")


@blueprint.post("/generate")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def generate() -> ResponseReturnValue:
    """The plan that keeps what has the same id and kind in both versions."""
    body = read_body()
    source_id, target_id = (
        needed_text(body, "sourceProcessDefinitionId"),
        needed_text(body, "targetProcessDefinitionId"),
    )
    source, target = (load_definition(db.session(), definition_id) for definition_id in (source_id, target_id))
    mapping = engine.generate_mapping(source.process, target.process)
    return {
        "sourceProcessDefinitionId": source_id,
        "targetProcessDefinitionId": target_id,
        "instructions": [
            {"sourceActivityIds": [old], "targetActivityIds": [new], "updateEventTrigger": False}
            for old, new in sorted(mapping.items())
        ],
        "variables": None,
    }


@blueprint.post("/validate")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def validate() -> ResponseReturnValue:
    """What is wrong with a plan: elements that one of the versions has not, or that are of another kind."""
    source_id, target_id, mapping = _plan(read_body())
    source, target = (load_definition(db.session(), definition_id) for definition_id in (source_id, target_id))
    possible = engine.mapping_candidates(source.process, target.process)
    reports = [
        {
            "instruction": {"sourceActivityIds": [old], "targetActivityIds": [new], "updateEventTrigger": False},
            "failures": [f"{old} -> {new}"],
        }
        for old, new in sorted(mapping.items())
        if new not in possible.get(old, ())
    ]
    return {"instructionReports": reports, "variableReports": {}}


@blueprint.post("/execute")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def execute() -> ResponseReturnValue:
    """Take the named cases over, all of them or none."""
    body = read_body()
    source_id, target_id, mapping = _plan(object_in(body, "migrationPlan"))
    for instance_id in _instances(body):
        open_case(instance_id)
        require_version(db.session(), instance_id, source_id)
        migrate_case(db.session(), instance_id, target_id, mapping, REASON, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/executeAsync")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def execute_async() -> ResponseReturnValue:
    """Have the worker take them over one by one."""
    body = read_body()
    source_id, target_id, mapping = _plan(object_in(body, "migrationPlan"))
    order = BatchOrder("migrate", source_id, REASON, target_id, mapping, _instances(body))
    return ordered(order)


def _instances(body: Mapping[str, Any]) -> list[str]:
    if body.get("processInstanceQuery") is not None:
        raise NotOffered("processInstanceQuery (migration)")
    found = texts_in(body, "processInstanceIds")
    if not found:
        raise missing_value("processInstanceIds")
    return found


def _plan(plan: Mapping[str, Any]) -> tuple[str, str, dict[str, str]]:
    """The two versions, and which element becomes which."""
    if plan.get("variables"):
        raise NotOffered("variables (migration)")
    mapping: dict[str, str] = {}
    for entry in objects_in(plan, "instructions"):
        old, new = texts_in(entry, "sourceActivityIds"), texts_in(entry, "targetActivityIds")
        if len(old) != 1 or len(new) != 1:
            raise MalformedRequest(N_("An instruction names one element of each version."))
        mapping[old[0]] = new[0]
    return needed_text(plan, "sourceProcessDefinitionId"), needed_text(plan, "targetProcessDefinitionId"), mapping
