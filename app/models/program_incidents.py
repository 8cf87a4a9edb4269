"""Incidents as programs list them: the open ones, and all there ever were."""

from typing import Any

from sqlalchemy import Select, select

from app.models.job import Incident
from app.models.process_instance import ActivityInstance, ProcessInstance
from app.models.program_lists import NO_ROW, ProgramList, after, among, before, equals, flag
from app.models.visibility import Reader, is_visible_to

_P, _I, _A = ProcessInstance, Incident, ActivityInstance


def _seen(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(*_I.__table__.c, _P.definition_id, _P.process_key, _A.execution_id)
        .join(_P, _P.id == _I.instance_id)
        .outerjoin(_A, _A.id == _I.activity_id)
        .where(is_visible_to(user_id))
    )


_FILTERS = {
    "incidentId": equals(_I.id),
    "incidentType": equals(_I.kind),
    "processDefinitionId": equals(_P.definition_id),
    "processDefinitionKeyIn": among(_P.process_key),
    "processInstanceId": equals(_I.instance_id),
    "executionId": equals(_A.execution_id),
    "activityId": equals(_I.element_id),
    "failedActivityId": equals(_I.element_id),
    "configuration": equals(_I.job_id),
    "tenantIdIn": among(_I.site_id),
}
_ORDERS = {
    "incidentId": _I.id,
    "incidentMessage": _I.msgid,
    "incidentType": _I.kind,
    "activityId": _I.element_id,
    "executionId": _A.execution_id,
    "processInstanceId": _I.instance_id,
    "processDefinitionId": _P.definition_id,
    "configuration": _I.job_id,
    "tenantId": _I.site_id,
}

INCIDENTS = ProgramList(
    statement=lambda user_id: _seen(user_id).where(_I.is_open.is_(True)),
    filters={
        **_FILTERS,
        "incidentTimestampAfter": after(_I.created_at),
        "incidentTimestampBefore": before(_I.created_at),
    },
    orders={**_ORDERS, "incidentTimestamp": _I.created_at},
    key=_I.id,
)
PAST_INCIDENTS = ProgramList(
    statement=_seen,
    filters={
        **_FILTERS,
        "processDefinitionKey": equals(_P.process_key),
        # None is the cause of another one.
        "causeIncidentId": equals(_I.id),
        "rootCauseIncidentId": equals(_I.id),
        "createTimeAfter": after(_I.created_at),
        "createTimeBefore": before(_I.created_at),
        "endTimeAfter": after(_I.resolved_at),
        "endTimeBefore": before(_I.resolved_at),
        "open": flag(_I.is_open),
        "resolved": flag(_I.is_open.is_(False)),
        "deleted": NO_ROW,
        "withoutTenantId": flag(_I.site_id.is_(None)),
    },
    orders={
        **_ORDERS,
        "createTime": _I.created_at,
        "endTime": _I.resolved_at,
        "processDefinitionKey": _P.process_key,
        "causeIncidentId": _I.id,
        "rootCauseIncidentId": _I.id,
        "incidentState": _I.is_open,
    },
    key=_I.id,
)
