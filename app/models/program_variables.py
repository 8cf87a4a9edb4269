"""Variables of cases as programs list them, and lists narrowed down by them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Select, String, and_, case, cast, exists, func, literal, select

from app.models.process_instance import OPEN_STATES, Execution, ProcessInstance, Variable
from app.models.program_lists import (
    EVERY_ROW,
    MAGNITUDES,
    NO_ROW,
    NO_ROW_OF_ANY,
    Comparison,
    Filter,
    ProgramList,
    among,
    equals,
    like,
    whole_pattern,
)
from app.models.visibility import Reader, is_visible_to

_BEFORE_DIGITS, _AFTER_DIGITS = '["n", "', '"]'  # as the FEEL codec writes numbers
_DIGITS = func.substr(
    Variable.value, len(_BEFORE_DIGITS) + 1, func.length(Variable.value) - len(_BEFORE_DIGITS + _AFTER_DIGITS)
)
# A database must not try to read other values as numbers, in whatever order it looks at conditions.
_NUMBER = case((Variable.value.startswith(_BEFORE_DIGITS), cast(_DIGITS, Numeric)), else_=None)


def has_variables(instance_id: Any, wanted: Sequence[Comparison]) -> ColumnElement[bool]:
    """Whether the case has all these values in the scope of the whole case."""
    of_case = and_(Variable.instance_id == instance_id, Execution.parent_id.is_(None))
    return and_(True, *(_has(of_case, one) for one in wanted))


def has_local_variables(execution_id: Any, wanted: Sequence[Comparison]) -> ColumnElement[bool]:
    """Whether a scope has all these values itself."""
    return and_(True, *(_has(Variable.execution_id == execution_id, one) for one in wanted))


def _has(place: ColumnElement[bool], wanted: Comparison) -> ColumnElement[bool]:
    return exists().where(place, Variable.name == wanted.name, Execution.id == Variable.execution_id, compared(wanted))


def compared(wanted: Comparison) -> ColumnElement[bool]:
    """Of the value of a variable, which is stored as JSON text."""
    if wanted.operator in MAGNITUDES:
        # Read as a number there, not here: it may be larger than a float.
        return MAGNITUDES[wanted.operator](_NUMBER, cast(literal(wanted.value, String), Numeric))
    if wanted.operator == "like":
        return Variable.value.like(f'"{whole_pattern(wanted.value)}"', escape="\\")
    if wanted.operator == "notLike":
        return Variable.value.not_like(f'"{whole_pattern(wanted.value)}"', escape="\\")
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


def _is_itself(wanted: Sequence[Comparison]) -> ColumnElement[bool]:
    return and_(True, *(and_(Variable.name == one.name, compared(one)) for one in wanted))


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
    "variableValues": Filter("comparisons", _is_itself),
    "variableScopeIdIn": among(Variable.execution_id),
    # A user task has no variables of its own, and a batch none at all.
    "taskIdIn": NO_ROW_OF_ANY,
    "batchIdIn": NO_ROW_OF_ANY,
}
_ORDERS = {
    "variableName": Variable.name,
    "variableType": Variable.type,
    "activityInstanceId": Variable.execution_id,
    "instanceId": Variable.instance_id,
    "tenantId": Variable.site_id,
}
# A variable has no id of its own: it is known by its place and name.
_KEY = Variable.execution_id + ":" + Variable.name


def _of_id(variable_id: str) -> ColumnElement[bool]:
    execution_id, _colon, name = variable_id.partition(":")
    return and_(Variable.execution_id == execution_id, Variable.name == name)


VARIABLES = ProgramList(_open_ones, _FILTERS, _ORDERS, _KEY, _of_id)
PAST_VARIABLES = ProgramList(
    _seen,
    {
        **_FILTERS,
        "variableNameIn": among(Variable.name),
        "includeDeleted": EVERY_ROW,
        "withoutTenantId": NO_ROW,
    },
    _ORDERS,
    _KEY,
    _of_id,
)
