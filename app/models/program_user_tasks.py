"""Open user tasks as programs list them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.models.organisation import Membership
from app.models.prepared import table_of
from app.models.process_definition import ProcessDefinition
from app.models.process_instance import ProcessInstance
from app.models.program_lists import (
    EVERY_ROW,
    NO_ROW,
    Filter,
    ProgramList,
    after,
    among,
    at,
    at_least,
    at_most,
    before,
    equals,
    flag,
    like,
    unlike,
)
from app.models.program_variables import has_local_variables, has_variables
from app.models.user_task import UserTask, UserTaskCandidate
from app.models.visibility import Reader, is_visible_to

# Under a name of its own: the rule of visibility looks at all user tasks of the case.
OPEN_USER_TASK = table_of(UserTask).alias("listed_user_task")
_COLUMNS = (*OPEN_USER_TASK.c, ProcessInstance.business_key, ProcessInstance.is_suspended)


def _seen(user_id: Reader) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(ProcessInstance, ProcessInstance.id == OPEN_USER_TASK.c.instance_id)
        .where(OPEN_USER_TASK.c.state == "open", is_visible_to(user_id))
    )


def _has_candidate(kind: str, ids: Sequence[str] | None = None) -> ColumnElement[bool]:
    condition = exists().where(UserTaskCandidate.user_task_id == OPEN_USER_TASK.c.id, UserTaskCandidate.kind == kind)
    return condition if ids is None else condition.where(UserTaskCandidate.candidate_id.in_(ids))


def _is_for_user(user_id: str) -> ColumnElement[bool]:
    """Named, or by a group of the person at the site of the user task."""
    by_group = exists().where(
        UserTaskCandidate.user_task_id == OPEN_USER_TASK.c.id,
        UserTaskCandidate.kind == "group",
        Membership.group_id == UserTaskCandidate.candidate_id,
        Membership.site_id == OPEN_USER_TASK.c.site_id,
        Membership.user_id == user_id,
    )
    return or_(_has_candidate("user", [user_id]), by_group)


def _free(wanted: Filter) -> Filter:
    """The same, of those that nobody has."""
    return Filter(wanted.kind, lambda value: and_(OPEN_USER_TASK.c.assignee_id.is_(None), wanted.condition(value)))


def _of_definition(wanted: Filter) -> Filter:
    return Filter(
        wanted.kind,
        lambda value: exists().where(ProcessDefinition.id == OPEN_USER_TASK.c.definition_id, wanted.condition(value)),
    )


def _involved(user_id: str) -> ColumnElement[bool]:
    return or_(
        OPEN_USER_TASK.c.assignee_id == user_id, OPEN_USER_TASK.c.owner_id == user_id, _has_candidate("user", [user_id])
    )


_CANDIDATES = {
    "candidateGroup": Filter("text", lambda group: _has_candidate("group", [group])),
    "candidateGroups": Filter("texts", lambda groups: _has_candidate("group", groups)),
    "candidateUser": Filter("text", _is_for_user),
}

USER_TASKS = ProgramList(
    statement=_seen,
    filters={
        "taskId": equals(OPEN_USER_TASK.c.id),
        "taskIdIn": among(OPEN_USER_TASK.c.id),
        "activityInstanceIdIn": among(OPEN_USER_TASK.c.id),
        "processInstanceId": equals(OPEN_USER_TASK.c.instance_id),
        "processInstanceIdIn": among(OPEN_USER_TASK.c.instance_id),
        "processInstanceBusinessKey": equals(ProcessInstance.business_key),
        "processInstanceBusinessKeyIn": among(ProcessInstance.business_key),
        "processInstanceBusinessKeyLike": like(ProcessInstance.business_key),
        "processDefinitionId": equals(OPEN_USER_TASK.c.definition_id),
        "processDefinitionKey": equals(OPEN_USER_TASK.c.process_key),
        "processDefinitionKeyIn": among(OPEN_USER_TASK.c.process_key),
        "processDefinitionName": _of_definition(equals(ProcessDefinition.name)),
        "processDefinitionNameLike": _of_definition(like(ProcessDefinition.name)),
        "executionId": equals(OPEN_USER_TASK.c.execution_id),
        "tenantIdIn": among(OPEN_USER_TASK.c.site_id),
        "withoutTenantId": NO_ROW,
        "assignee": equals(OPEN_USER_TASK.c.assignee_id),
        "assigneeLike": like(OPEN_USER_TASK.c.assignee_id),
        "assigneeIn": among(OPEN_USER_TASK.c.assignee_id),
        "assigneeNotIn": Filter(
            "texts", lambda ids: or_(OPEN_USER_TASK.c.assignee_id.is_(None), OPEN_USER_TASK.c.assignee_id.not_in(ids))
        ),
        "assigned": flag(OPEN_USER_TASK.c.assignee_id.is_not(None)),
        "unassigned": flag(OPEN_USER_TASK.c.assignee_id.is_(None)),
        "owner": equals(OPEN_USER_TASK.c.owner_id),
        "involvedUser": Filter("text", _involved),
        **{name: _free(wanted) for name, wanted in _CANDIDATES.items()},
        "includeAssignedTasks": EVERY_ROW,
        "withCandidateGroups": flag(_has_candidate("group")),
        "withoutCandidateGroups": flag(~_has_candidate("group")),
        "withCandidateUsers": flag(_has_candidate("user")),
        "withoutCandidateUsers": flag(~_has_candidate("user")),
        "taskDefinitionKey": equals(OPEN_USER_TASK.c.element_id),
        "taskDefinitionKeyIn": among(OPEN_USER_TASK.c.element_id),
        "taskDefinitionKeyLike": like(OPEN_USER_TASK.c.element_id),
        "name": equals(OPEN_USER_TASK.c.name),
        "nameNotEqual": Filter("text", lambda text: OPEN_USER_TASK.c.name != text),
        "nameLike": like(OPEN_USER_TASK.c.name),
        "nameNotLike": unlike(OPEN_USER_TASK.c.name),
        "priority": equals(OPEN_USER_TASK.c.priority, "number"),
        "minPriority": at_least(OPEN_USER_TASK.c.priority),
        "maxPriority": at_most(OPEN_USER_TASK.c.priority),
        "dueDate": at(OPEN_USER_TASK.c.due_at),
        "dueAfter": after(OPEN_USER_TASK.c.due_at),
        "dueBefore": before(OPEN_USER_TASK.c.due_at),
        "withoutDueDate": flag(OPEN_USER_TASK.c.due_at.is_(None)),
        "followUpDate": at(OPEN_USER_TASK.c.follow_up_at),
        "followUpAfter": after(OPEN_USER_TASK.c.follow_up_at),
        "followUpBefore": before(OPEN_USER_TASK.c.follow_up_at),
        "followUpBeforeOrNotExistent": Filter(
            "moment",
            lambda moment: or_(OPEN_USER_TASK.c.follow_up_at.is_(None), OPEN_USER_TASK.c.follow_up_at <= moment),
        ),
        "createdOn": at(OPEN_USER_TASK.c.created_at),
        "createdAfter": after(OPEN_USER_TASK.c.created_at),
        "createdBefore": before(OPEN_USER_TASK.c.created_at),
        "delegationState": Filter("text", lambda state: OPEN_USER_TASK.c.delegation == state.lower()),
        "active": flag(ProcessInstance.is_suspended.is_(False)),
        "suspended": flag(ProcessInstance.is_suspended),
        # The scope a user task is in holds what is local to it.
        "taskVariables": Filter(
            "comparisons", lambda wanted: has_local_variables(OPEN_USER_TASK.c.execution_id, wanted)
        ),
        "processVariables": Filter("comparisons", lambda wanted: has_variables(ProcessInstance.id, wanted)),
    },
    orders={
        "instanceId": OPEN_USER_TASK.c.instance_id,
        "dueDate": OPEN_USER_TASK.c.due_sort,
        "executionId": OPEN_USER_TASK.c.execution_id,
        "assignee": OPEN_USER_TASK.c.assignee_id,
        "created": OPEN_USER_TASK.c.created_at,
        "name": OPEN_USER_TASK.c.name,
        "nameCaseInsensitive": OPEN_USER_TASK.c.name,
        "id": OPEN_USER_TASK.c.id,
        "priority": OPEN_USER_TASK.c.priority,
        "followUpDate": OPEN_USER_TASK.c.follow_up_at,
        "tenantId": OPEN_USER_TASK.c.site_id,
    },
    key=OPEN_USER_TASK.c.id,
    widened_by={"includeAssignedTasks": _CANDIDATES},
)


def candidates_of(user_task_id: str) -> Select[str, str]:
    """(kind, id) of the groups and people who may do a user task."""
    return select(UserTaskCandidate.kind, UserTaskCandidate.candidate_id).where(
        UserTaskCandidate.user_task_id == user_task_id
    )
