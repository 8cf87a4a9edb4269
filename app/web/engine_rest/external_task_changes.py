"""/external-task/…: made more urgent, given retries; by who looks after the cases."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.program_external_tasks import EXTERNAL_TASKS
from app.operations.case_batches import BatchOrder
from app.operations.external_task_changes import refuse_wrong_retries, set_priority, set_retries
from app.web.bearers import needs_scope
from app.web.current import current_actor, current_time
from app.web.engine_rest.batches import ordered
from app.web.engine_rest.bodies import missing_value, needed_number, read_body, texts_in
from app.web.engine_rest.case_orders import queried_cases
from app.web.engine_rest.external_tasks import existing
from app.web.engine_rest.filter_values import MOST_ENTRIES
from app.web.engine_rest.lists import found_rows, queried_rows, refuse_too_many
from app.web.engine_rest.resource import DONE, REASON, resource
from app.web.permissions import Permission, requires

blueprint = resource("external_task_changes", "/external-task")


@blueprint.put("/<external_task_id>/priority")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def priority(external_task_id: str) -> ResponseReturnValue:
    """How urgent it is to workers who ask for that."""
    existing(external_task_id)
    wanted = needed_number(read_body(), "priority")
    set_priority(db.session(), external_task_id, wanted, actor=current_actor(), now=current_time())
    return DONE


@blueprint.put("/<external_task_id>/retries")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def retries(external_task_id: str) -> ResponseReturnValue:
    """How often it may be tried; 0 makes an incident, more than that resolves it."""
    existing(external_task_id)
    wanted = needed_number(read_body(), "retries")
    set_retries(db.session(), external_task_id, wanted, actor=current_actor(), now=current_time())
    return DONE


@blueprint.put("/retries")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def retries_of_many() -> ResponseReturnValue:
    """The same for several: named, of cases, or found by a query."""
    body = read_body()
    wanted = needed_number(body, "retries")
    for external_task_id in sorted(_chosen(body)):
        set_retries(db.session(), external_task_id, wanted, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/retries-async")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def retries_of_many_later() -> ResponseReturnValue:
    """The same, case by case by the worker."""
    body = read_body()
    wanted, chosen = needed_number(body, "retries"), _chosen(body)
    refuse_wrong_retries(wanted)
    if not chosen:
        raise missing_value("externalTaskIds")
    details = {"retries": wanted, "external_task_ids": sorted(chosen)}
    cases = sorted({row.instance_id for row in chosen.values()})
    return ordered(BatchOrder("work_retries", None, REASON, instance_ids=cases, details=details))


def _chosen(body: Mapping[str, Any]) -> dict[str, Any]:
    """The external tasks that are named, those of cases and those that a query finds, by id."""
    found = [existing(external_task_id) for external_task_id in texts_in(body, "externalTaskIds")]
    found += queried_rows(EXTERNAL_TASKS, body, "externalTaskQuery")
    case_ids = texts_in(body, "processInstanceIds") + queried_cases(body)
    for begin in range(0, len(case_ids), MOST_ENTRIES):
        found += found_rows(EXTERNAL_TASKS, {"processInstanceIdIn": case_ids[begin : begin + MOST_ENTRIES]})
    refuse_too_many(found)
    return {row.id: row for row in found}
