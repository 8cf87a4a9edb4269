"""/batch and /history/batch: what was ordered for many cases, and how far it is."""

from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.case_change_queries import batch_counts
from app.models.program_operating import BATCH_TYPES, BATCHES, PAST_BATCHES
from app.operations.case_batches import BatchNotFound, BatchOrder, order_batch, suspend_batch, withdraw_batch
from app.web.bearers import needs_scope
from app.web.current import current_actor, current_person, current_time
from app.web.engine_rest.bodies import flag_in, read_body
from app.web.engine_rest.list_routes import BY_ADDRESS, add_list, add_one
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import DONE, resource
from app.web.permissions import Permission, requires, sites_with

blueprint = resource("batch")


@blueprint.put("/batch/<batch_id>/suspended")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def suspended(batch_id: str) -> ResponseReturnValue:
    """Let what is left of it wait, or go on."""
    found_in(BATCHES, batch_id, BatchNotFound)
    is_suspended = flag_in(read_body(), "suspended")
    suspend_batch(db.session(), batch_id, is_suspended=is_suspended, actor=current_actor(), now=current_time())
    return DONE


@blueprint.delete("/batch/<batch_id>")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def withdraw(batch_id: str) -> ResponseReturnValue:
    """Leave the cases as they are that are not done yet; what was done stays, and so does its history."""
    found_in(BATCHES, batch_id, BatchNotFound)
    withdraw_batch(db.session(), batch_id, actor=current_actor(), now=current_time())
    return DONE


def ordered(order: BatchOrder) -> dict[str, Any]:
    """Give the order, and answer as clients expect."""
    batch_id = order_batch(db.session(), order, actor=current_actor(), now=current_time())
    return batch_shape(found_in(BATCHES, batch_id, BatchNotFound))


def batch_shape(row: Any) -> dict[str, Any]:
    """A batch as clients know it."""
    return _batch_of(row, sum(_counts(row).values()))


def _batch_statistics(row: Any) -> dict[str, Any]:
    counts = _counts(row)
    return {
        **_batch_of(row, sum(counts.values())),
        "remainingJobs": counts["waiting"],
        "completedJobs": counts["done"],
        "failedJobs": counts["refused"],
    }


def _counts(row: Any) -> dict[str, int]:
    return batch_counts(db.session(), row.id, sites_with(current_person(), Permission.CHANGE_CASES))


def _batch_of(row: Any, total: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": BATCH_TYPES[row.kind],
        "totalJobs": total,
        "jobsCreated": total,
        "batchJobsPerSeed": total,
        "invocationsPerBatchJob": 1,
        "seedJobDefinitionId": None,
        "monitorJobDefinitionId": None,
        "batchJobDefinitionId": None,
        "suspended": row.is_suspended,
        "tenantId": None,
        "createUserId": row.ordered_by,
        "startTime": write_moment(row.ordered_at),
        "executionStartTime": None,
    }


def _past_batch(row: Any) -> dict[str, Any]:
    total = sum(_counts(row).values())
    shared = _batch_of(row, total)
    return {
        **{name: value for name, value in shared.items() if name not in ("jobsCreated", "suspended")},
        "endTime": write_moment(row.ended_at),
        "removalTime": None,
    }


OWNERS = Permission.CHANGE_CASES
add_list(blueprint, "/batch", BATCHES, batch_shape, OWNERS, methods=BY_ADDRESS)
add_list(blueprint, "/batch/statistics", BATCHES, _batch_statistics, OWNERS, methods=BY_ADDRESS)
add_list(blueprint, "/history/batch", PAST_BATCHES, _past_batch, OWNERS, methods=BY_ADDRESS)
add_one(blueprint, "/batch/<batch_id>", BATCHES, batch_shape, BatchNotFound, OWNERS)
add_one(blueprint, "/history/batch/<batch_id>", PAST_BATCHES, _past_batch, BatchNotFound, OWNERS)
