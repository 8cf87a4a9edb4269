"""Variables of cases as programs list them, and lists narrowed down by them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select

from app.models.process_instance import OPEN_STATES, Execution, ProcessInstance, Variable
from app.models.program_lists import Comparison, Filter, ProgramList, among, equals, like
from app.models.visibility import Reader, is_visible_to


def has_variables(instance_id: Any, wanted: Sequence[Comparison]) -> ColumnElement[bool]:
    """Whether the case has all these values in the scope of the whole case."""
    return and_(True, *(_has(instance_id, one) for one in wanted))


def _has(instance_id: Any, wanted: Comparison) -> ColumnElement[bool]:
    return exists().where(
        Variable.instance_id == instance_id,
        Variable.name == wanted.name,
        Execution.id == Variable.execution_id,
        Execution.parent_id.is_(None),
        _compared(wanted),
    )


def _compared(wanted: Comparison) -> ColumnElement[bool]:
    """With the JSON text that is stored."""
    if wanted.operator == "like":
        return Variable.value.like(f'"{wanted.value}"', escape="\\")
    return Variable.value == wanted.value if wanted.operator == "eq" else Variable.value != wanted.value


def _seen(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Variable.execution_id, Variable.name, Variable.value, Variable.instance_id, Variable.site_id,
            ProcessInstance.definition_id, ProcessInstance.process_key, Execution.started_at, Execution.parent_id,
            ProcessInstance.state,
        )
        .join(ProcessInstance, ProcessInstance.id == Variable.instance_id)
        .join(Execution, Execution.id == Variable.execution_id)
        .where(is_visible_to(user_id))
    )  # fmt: skip


def _open_ones(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return _seen(user_id).where(ProcessInstance.state.in_(OPEN_STATES), Execution.ended_at.is_(None))


_FILTERS = {
    "variableName": equals(Variable.name),
    "variableNameLike": like(Variable.name),
    "processInstanceId": equals(Variable.instance_id),
    "processInstanceIdIn": among(Variable.instance_id),
    "executionIdIn": among(Variable.execution_id),
    "activityInstanceIdIn": among(Variable.execution_id),
    "tenantIdIn": among(Variable.site_id),
    "processDefinitionId": equals(ProcessInstance.definition_id),
    "processDefinitionKey": equals(ProcessInstance.process_key),
    "variableValues": Filter("comparisons", lambda wanted: has_variables(ProcessInstance.id, wanted)),
}
_ORDERS = {
    "variableName": Variable.name,
    "variableType": Variable.type,
    "activityInstanceId": Variable.execution_id,
    "instanceId": Variable.instance_id,
    "tenantId": Variable.site_id,
}
VARIABLES = ProgramList(_open_ones, _FILTERS, _ORDERS, Variable.name)
PAST_VARIABLES = ProgramList(_seen, _FILTERS, _ORDERS, Variable.name)
