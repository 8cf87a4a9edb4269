"""Incidents in the shapes that clients know: open ones, and those of the history."""

import json
from typing import Any

from app.web.engine_rest.annotations import Annotated
from app.web.engine_rest.moments import write_moment
from app.web.texts import gettext


def open_incident(found: Annotated) -> dict[str, Any]:
    """One that is open."""
    return {**_shared(found), "incidentTimestamp": write_moment(found.row.created_at)}


def past_incident(found: Annotated) -> dict[str, Any]:
    """One that is open or over."""
    row = found.row
    return {
        **_shared(found),
        "processDefinitionKey": row.process_key,
        "rootProcessInstanceId": row.instance_id,
        "createTime": write_moment(row.created_at),
        "endTime": write_moment(row.resolved_at),
        "removalTime": None,
        "historyConfiguration": None,
        "open": row.is_open,
        "deleted": False,
        "resolved": not row.is_open,
    }


def _shared(found: Annotated) -> dict[str, Any]:
    row = found.row
    return {
        "id": row.id,
        "processDefinitionId": row.definition_id,
        "processInstanceId": row.instance_id,
        "executionId": row.execution_id,
        "incidentType": row.kind,
        "activityId": row.element_id,
        "failedActivityId": row.element_id,
        "causeIncidentId": row.id,
        "rootCauseIncidentId": row.id,
        "configuration": row.job_id,
        "tenantId": row.site_id,
        "incidentMessage": gettext(row.msgid, **json.loads(row.params)),
        "jobDefinitionId": None,
        "annotation": found.note,
    }
