"""Open scopes of cases, and what they wait for, as programs list them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, exists, select

from app.models.job import MessageSubscription
from app.models.process_instance import OPEN_STATES, ActivityInstance, Execution, ProcessInstance
from app.models.program_lists import EVERY_ROW, NO_ROW, Comparison, Filter, ProgramList, among, equals, flag
from app.models.program_variables import has_local_variables, has_variables
from app.models.visibility import Reader, is_visible_to


def _waits_for(kind: str, name: str) -> Any:
    return exists().where(
        MessageSubscription.instance_id == Execution.instance_id,
        MessageSubscription.kind == kind,
        MessageSubscription.name == name,
    )


def _executions(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(Execution.id, Execution.instance_id, Execution.site_id, Execution.element_id)
        .join(ProcessInstance, ProcessInstance.id == Execution.instance_id)
        .where(Execution.ended_at.is_(None), is_visible_to(user_id))
    )


EXECUTIONS = ProgramList(
    statement=_executions,
    filters={
        "businessKey": equals(ProcessInstance.business_key),
        "processDefinitionId": equals(ProcessInstance.definition_id),
        "processDefinitionKey": equals(ProcessInstance.process_key),
        "processInstanceId": equals(Execution.instance_id),
        "activityId": Filter(
            "text",
            lambda element_id: exists().where(
                ActivityInstance.execution_id == Execution.id,
                ActivityInstance.element_id == element_id,
                ActivityInstance.state.in_(OPEN_STATES),
            ),
        ),
        "variables": Filter("comparisons", lambda wanted: has_local_variables(Execution.id, wanted)),
        "processVariables": Filter("comparisons", lambda wanted: has_variables(Execution.instance_id, wanted)),
        "messageEventSubscriptionName": Filter("text", lambda name: _waits_for("message", name)),
        "signalEventSubscriptionName": Filter("text", lambda name: _waits_for("signal", name)),
        "active": flag(ProcessInstance.is_suspended.is_(False)),
        "suspended": flag(ProcessInstance.is_suspended),
        "tenantIdIn": among(Execution.site_id),
    },
    orders={
        "instanceId": Execution.instance_id,
        "definitionKey": ProcessInstance.process_key,
        "definitionId": ProcessInstance.definition_id,
        "tenantId": Execution.site_id,
    },
    key=Execution.id,
)


_S = MessageSubscription


def _subscriptions(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(*_S.__table__.c, ActivityInstance.execution_id, ActivityInstance.started_at)
        .join(ProcessInstance, ProcessInstance.id == _S.instance_id)
        .outerjoin(ActivityInstance, ActivityInstance.id == _S.id)
        .where(is_visible_to(user_id))
    )


EVENT_SUBSCRIPTIONS = ProgramList(
    statement=_subscriptions,
    filters={
        "eventSubscriptionId": equals(_S.id),
        "eventName": equals(_S.name),
        "eventType": equals(_S.kind),
        "executionId": equals(ActivityInstance.execution_id),
        "processInstanceId": equals(_S.instance_id),
        "activityId": equals(_S.element_id),
        "tenantIdIn": among(_S.site_id),
        "withoutTenantId": NO_ROW,
        "includeEventSubscriptionsWithoutTenantId": EVERY_ROW,
    },
    orders={"created": ActivityInstance.started_at, "tenantId": _S.site_id},
    key=_S.id,
)


def waiting_for(
    name: str,
    site_ids: Sequence[str],
    *,
    business_key: str | None,
    instance_id: str | None,
    values: Sequence[Comparison],
) -> Select[*tuple[Any, ...]]:
    """(id, execution_id) of who waits for a message, of cases with this business key and these values."""
    statement = (
        select(_S.id, ActivityInstance.execution_id)
        .join(ProcessInstance, ProcessInstance.id == _S.instance_id)
        .outerjoin(ActivityInstance, ActivityInstance.id == _S.id)
        .where(_S.kind == "message", _S.name == name, _S.site_id.in_(site_ids))
        .order_by(_S.id)
    )
    if business_key is not None:
        statement = statement.where(ProcessInstance.business_key == business_key)
    if instance_id is not None:
        statement = statement.where(ProcessInstance.id == instance_id)
    return statement.where(has_variables(ProcessInstance.id, values))
