"""Jobs and batches as programs list them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from app.models.case_batch import CaseBatch, CaseBatchItem
from app.models.job import OPEN_JOB_STATES, Job, SuspendedJobDefinition
from app.models.process_instance import ActivityInstance, ProcessInstance
from app.models.program_lists import (
    EVERY_ROW,
    NO_ROW_OF_ANY,
    Filter,
    ProgramList,
    among,
    at,
    equals,
    flag,
    moments,
)
from app.models.visibility import Reader, is_visible_to

_P, _B = ProcessInstance, CaseBatch
# External tasks are a list of their own.
_KINDS = ("timer", "connector", "continuation", "signal")
# By our own word for what is done to many cases.
BATCH_TYPES = {
    "migrate": "instance-migration",
    "suspend": "instance-update-suspension-state",
    "resume": "instance-update-suspension-state",
    "cancel": "instance-deletion",
    "variables": "set-variables",
    "message": "correlate-message",
    "retry": "set-job-retries",
    "modify": "instance-modification",
    "restart": "instance-restart",
    "work_retries": "set-external-task-retries",
}
_IS_DEAD = Job.state == "dead"
# By itself or with its case.
_WAITS = or_(Job.is_suspended, _P.is_suspended)


def _jobs(user_id: Reader) -> Select[*tuple[Any, ...]]:
    columns = [column for column in Job.__table__.c if column.name != "is_suspended"]
    found = (*columns, _P.definition_id, _P.process_key, ActivityInstance.execution_id)
    return (
        select(*found, _WAITS.label("is_suspended"))
        .join(_P, _P.id == Job.instance_id)
        .outerjoin(ActivityInstance, ActivityInstance.id == Job.activity_id)
        .where(Job.kind.in_(_KINDS), Job.state.in_(OPEN_JOB_STATES), is_visible_to(user_id))
    )


def job_definition_id(definition_id: str, element_id: str, kind: str) -> str:
    """What programs call the same work of all cases of a version: that of an element, by the kind of its jobs."""
    return f"{definition_id}:{element_id}:{kind}"


def work_of(job_definition_id: str) -> tuple[str, str, str]:
    """(version, element, kind) that a job definition's id names; empty texts where it names none."""
    definition_id, _, work = job_definition_id.partition(":")
    element_id, _, kind = work.rpartition(":")
    return definition_id, element_id, kind


def suspended_job_definitions(session: Session) -> frozenset[tuple[str, str, str]]:
    """(version, element, kind) of the work whose jobs wait from the moment they are made."""
    columns = (SuspendedJobDefinition.definition_id, SuspendedJobDefinition.element_id, SuspendedJobDefinition.kind)
    return frozenset((row[0], row[1], row[2]) for row in session.execute(select(*columns)))


def _of_job_definition(wanted: str) -> ColumnElement[bool]:
    definition_id, element_id, kind = work_of(wanted)
    return and_(_P.definition_id == definition_id, Job.element_id == element_id, Job.kind == kind)


JOBS = ProgramList(
    statement=_jobs,
    filters={
        "jobId": equals(Job.id),
        "jobIds": among(Job.id),
        "processInstanceId": equals(Job.instance_id),
        "processInstanceIds": among(Job.instance_id),
        "executionId": equals(ActivityInstance.execution_id),
        "processDefinitionId": equals(_P.definition_id),
        "processDefinitionKey": equals(_P.process_key),
        "activityId": equals(Job.element_id),
        "failedActivityId": Filter("text", lambda element_id: and_(_IS_DEAD, Job.element_id == element_id)),
        "jobDefinitionId": Filter("text", _of_job_definition),
        "dueDates": moments(Job.run_at),
        "createTimes": moments(Job.created_at),
        "timers": flag(Job.kind == "timer"),
        "messages": flag(Job.kind != "timer"),
        "withRetriesLeft": flag(not_(_IS_DEAD)),
        "noRetriesLeft": flag(_IS_DEAD),
        "withException": flag(Job.last_error.is_not(None)),
        "exceptionMessage": equals(Job.last_error),
        "active": flag(not_(_WAITS)),
        "suspended": flag(_WAITS),
        "tenantIdIn": among(Job.site_id),
        "withoutTenantId": flag(Job.site_id.is_(None)),
    },
    orders={
        "jobId": Job.id,
        "jobDueDate": Job.run_at,
        "executionId": ActivityInstance.execution_id,
        "processInstanceId": Job.instance_id,
        "processDefinitionId": _P.definition_id,
        "processDefinitionKey": _P.process_key,
        "tenantId": Job.site_id,
    },
    key=Job.id,
)


def _of_type(wanted: str) -> ColumnElement[bool]:
    return _B.kind.in_([kind for kind, name in BATCH_TYPES.items() if name == wanted])


_ITEMS = exists().where(CaseBatchItem.batch_id == _B.id)
_IS_LEFT = _ITEMS.where(CaseBatchItem.state == "waiting")
_OF_BATCHES = {
    "batchId": equals(_B.id),
    "type": Filter("text", _of_type),
    "withoutTenantId": EVERY_ROW,
    "createdAt": at(_B.ordered_at),
}
_ENDED_AT = select(func.max(CaseBatchItem.ended_at)).where(CaseBatchItem.batch_id == _B.id).scalar_subquery()

# Those that are carried out are in the history.
BATCHES = ProgramList(
    statement=lambda user_id: select(*_B.__table__.c).where(_B.ordered_by == user_id, _IS_LEFT),
    filters={**_OF_BATCHES, "suspended": flag(_B.is_suspended)},
    orders={"batchId": _B.id},
    key=_B.id,
)
PAST_BATCHES = ProgramList(
    statement=lambda user_id: select(
        *_B.__table__.c, case((not_(_IS_LEFT), _ENDED_AT), else_=None).label("ended_at")
    ).where(_B.ordered_by == user_id),
    filters={**_OF_BATCHES, "completed": flag(not_(_IS_LEFT)), "tenantIdIn": NO_ROW_OF_ANY},
    orders={"batchId": _B.id, "startTime": _B.ordered_at, "endTime": _ENDED_AT},
    key=_B.id,
)
