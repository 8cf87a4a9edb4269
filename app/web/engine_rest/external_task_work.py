"""/external-task/{id}/…: locked for a worker, done, failed, given back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.operations.external_task_changes import lock_external_task
from app.operations.external_tasks import (
    LONGEST_LOCK,
    Failure,
    complete_external_task,
    extend_lock,
    report_bpmn_error,
    report_failure,
    unlock,
)
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_actor, current_time
from app.web.engine_rest.bodies import needed_text, number_in, object_in, read_body, text_in
from app.web.engine_rest.external_tasks import existing
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.variables import read_variables
from app.web.permissions import Permission, requires

blueprint = resource("external_task_work", "/external-task/<external_task_id>")

LONGEST_PAUSE = timedelta(days=365)


@blueprint.post("/complete")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def complete(external_task_id: str) -> ResponseReturnValue:
    """Done; its variables become those of the case."""
    worker_id, body = _said(external_task_id)
    complete_external_task(
        db.session(), external_task_id, worker_id, _sent(body), actor=current_actor(), now=current_time()
    )
    return DONE


@blueprint.post("/failure")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def failure(external_task_id: str) -> ResponseReturnValue:
    """It failed: tried again after a pause, or an incident."""
    worker_id, body = _said(external_task_id)
    retries, pause = number_in(body, "retries") or 0, number_in(body, "retryTimeout") or 0
    if retries < 0 or pause < 0:
        raise MalformedRequest(N_("retries and retryTimeout cannot be negative."))
    message, details = text_in(body, "errorMessage") or "", text_in(body, "errorDetails")
    failed = Failure(message, details, retries, _duration(pause, LONGEST_PAUSE))
    report_failure(db.session(), external_task_id, worker_id, failed, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/bpmnError")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def bpmn_error(external_task_id: str) -> ResponseReturnValue:
    """It ends with an error that the diagram knows."""
    worker_id, body = _said(external_task_id)
    report_bpmn_error(
        db.session(), external_task_id, worker_id, needed_text(body, "errorCode"),
        text_in(body, "errorMessage") or "", read_variables(object_in(body, "variables")),
        actor=current_actor(), now=current_time(),
    )  # fmt: skip
    return DONE


@blueprint.post("/extendLock")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def extend(external_task_id: str) -> ResponseReturnValue:
    """Keep it longer."""
    worker_id, body = _said(external_task_id)
    duration = lock_duration(body, "newDuration")
    extend_lock(db.session(), external_task_id, worker_id, duration, actor=current_actor(), now=current_time())
    return DONE


@blueprint.post("/unlock")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def give_back(external_task_id: str) -> ResponseReturnValue:
    """Let another worker have it."""
    existing(external_task_id)
    unlock(db.session(), external_task_id, actor=current_actor())
    return DONE


@blueprint.post("/lock")
@requires(Permission.CHANGE_CASES)
@needs_scope("workers")
def lock(external_task_id: str) -> ResponseReturnValue:
    """Give this very one to a worker."""
    worker_id, body = _said(external_task_id)
    duration = lock_duration(body, "lockDuration")
    lock_external_task(db.session(), external_task_id, worker_id, duration, actor=current_actor(), now=current_time())
    return DONE


def _said(external_task_id: str) -> tuple[str, dict[str, Any]]:
    """(worker, body) of what a worker says about an external task. Raises ExternalTaskNotFound, MalformedRequest."""
    existing(external_task_id)
    body = read_body()
    return needed_text(body, "workerId"), body


def lock_duration(body: Mapping[str, Any], name: str) -> timedelta:
    """For how long a worker wants a task; raises MalformedRequest."""
    milliseconds = number_in(body, name)
    if milliseconds is None or milliseconds <= 0:
        raise MalformedRequest(N_("“%(name)s” must be more than 0 milliseconds."), name=name)
    return _duration(milliseconds, LONGEST_LOCK)


def _duration(milliseconds: int, longest: timedelta) -> timedelta:
    return min(timedelta(milliseconds=min(milliseconds, 10**12)), longest)


def _sent(body: Mapping[str, Any]) -> dict[str, object]:
    """Local variables last as long as the task, which is over now: only those of the case stay."""
    read_variables(object_in(body, "localVariables"))
    return read_variables(object_in(body, "variables"))
