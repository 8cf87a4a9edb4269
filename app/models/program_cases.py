"""Cases as programs list them: the open ones, and all there ever were."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session

from app.models.job import Incident
from app.models.process_definition import ProcessDefinition
from app.models.process_instance import OPEN_STATES, ActivityInstance, ProcessInstance
from app.models.program_lists import (
    EVERY_ROW,
    NO_ROW,
    NO_ROW_OF_THAT,
    Filter,
    ProgramList,
    after,
    among,
    before,
    equals,
    flag,
    like,
)
from app.models.program_variables import has_variables
from app.models.visibility import Reader, is_visible_to

_P = ProcessInstance


def _seen(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(*_P.__table__.c, ProcessDefinition.name.label("definition_name"), ProcessDefinition.version)
        .join(ProcessDefinition, ProcessDefinition.id == _P.definition_id)
        .where(is_visible_to(user_id))
    )


def _open_ones(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return _seen(user_id).where(_P.state.in_(OPEN_STATES))


def _with_incident(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Incident.instance_id == _P.id, Incident.is_open.is_(True), *conditions)


def _passed(element_ids: Sequence[str], *states: str) -> ColumnElement[bool]:
    condition = exists().where(ActivityInstance.instance_id == _P.id, ActivityInstance.element_id.in_(element_ids))
    return condition.where(ActivityInstance.state.in_(states)) if states else condition


def _moved(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(ActivityInstance.instance_id == _P.id, condition)


def _with_incident_that_is(status: str) -> ColumnElement[bool]:
    return exists().where(Incident.instance_id == _P.id, Incident.is_open.is_(status == "open"))


_OF_CALLS = (
    "superProcessInstance", "subProcessInstance", "superProcessInstanceId", "subProcessInstanceId",
    "superCaseInstance", "subCaseInstance", "superCaseInstanceId", "subCaseInstanceId",
)  # fmt: skip
_COMMON = {
    "processInstanceIds": among(_P.id),
    "processDefinitionId": equals(_P.definition_id),
    "processDefinitionKey": equals(_P.process_key),
    "processDefinitionKeyIn": among(_P.process_key),
    "processDefinitionKeyNotIn": Filter("texts", _P.process_key.not_in),
    "tenantIdIn": among(_P.site_id),
    "withoutTenantId": NO_ROW,
    "incidentType": Filter("text", lambda kind: _with_incident(Incident.kind == kind)),
    "variables": Filter("comparisons", lambda wanted: has_variables(_P.id, wanted)),
    # A called process is part of the case that calls it: every case is a root.
    "rootProcessInstances": EVERY_ROW,
    **dict.fromkeys(("caseInstanceId", *_OF_CALLS), NO_ROW_OF_THAT),
}
_ORDERS = {
    "instanceId": _P.id,
    "definitionId": _P.definition_id,
    "definitionKey": _P.process_key,
    "businessKey": _P.business_key,
    "tenantId": _P.site_id,
}

PROCESS_INSTANCES = ProgramList(
    statement=_open_ones,
    filters={
        **_COMMON,
        "businessKey": equals(_P.business_key),
        "businessKeyLike": like(_P.business_key),
        "deploymentId": equals(ProcessDefinition.deployment_id),
        "leafProcessInstances": EVERY_ROW,
        "active": flag(_P.is_suspended.is_(False)),
        "suspended": flag(_P.is_suspended),
        "withIncident": flag(_with_incident()),
        "incidentId": Filter("text", lambda incident_id: _with_incident(Incident.id == incident_id)),
        "activityIdIn": Filter("texts", lambda ids: _passed(ids, *OPEN_STATES)),
        "processDefinitionWithoutTenantId": EVERY_ROW,
    },
    orders=_ORDERS,
    key=_P.id,
)

PAST_CASES = ProgramList(
    statement=_seen,
    filters={
        **_COMMON,
        "processInstanceId": equals(_P.id),
        "processDefinitionName": equals(ProcessDefinition.name),
        "processDefinitionNameLike": like(ProcessDefinition.name),
        "processInstanceBusinessKey": equals(_P.business_key),
        "processInstanceBusinessKeyIn": among(_P.business_key),
        "processInstanceBusinessKeyLike": like(_P.business_key),
        "finished": flag(_P.ended_at.is_not(None)),
        "unfinished": flag(_P.ended_at.is_(None)),
        "withIncidents": flag(_with_incident()),
        "withRootIncidents": flag(_with_incident()),
        "incidentStatus": Filter("text", _with_incident_that_is),
        "executedActivityAfter": Filter("moment", lambda moment: _moved(ActivityInstance.started_at >= moment)),
        "executedActivityBefore": Filter("moment", lambda moment: _moved(ActivityInstance.started_at <= moment)),
        "startedBy": equals(_P.started_by),
        "startedAfter": after(_P.started_at),
        "startedBefore": before(_P.started_at),
        "finishedAfter": after(_P.ended_at),
        "finishedBefore": before(_P.ended_at),
        "executedActivityIdIn": Filter("texts", lambda ids: _passed(ids, "done")),
        "activeActivityIdIn": Filter("texts", lambda ids: _passed(ids, *OPEN_STATES)),
        "active": flag(and_(_P.state.in_(OPEN_STATES), _P.is_suspended.is_(False))),
        "suspended": flag(and_(_P.state.in_(OPEN_STATES), _P.is_suspended)),
        "completed": flag(_P.state == "completed"),
        "externallyTerminated": flag(_P.state == "cancelled"),
        "internallyTerminated": NO_ROW,
    },
    orders={**_ORDERS, "startTime": _P.started_at, "endTime": _P.ended_at},
    key=_P.id,
)


def customers_of(session: Session, instance_ids: Collection[str]) -> frozenset[str]:
    """The customers whom some cases are about."""
    query = select(_P.customer_id).where(_P.id.in_(instance_ids), _P.customer_id.is_not(None)).distinct()
    return frozenset(session.scalars(query))
