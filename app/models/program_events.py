"""What the histories of cases say of decisions, variables, jobs and people, as programs list it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from app.models.event_contents import body_begins, body_has, body_starts_with
from app.models.history import HistoryEvent
from app.models.process_definition import ProcessDefinition
from app.models.process_instance import ProcessInstance
from app.models.program_lists import (
    EVERY_ROW,
    NO_ROW,
    Filter,
    ProgramList,
    after,
    among,
    before,
    equals,
    flag,
    row_number,
)
from app.models.visibility import Reader, is_visible_to

_P, _H = ProcessInstance, HistoryEvent
# Whoever gets a user task into their hands, or has it no more.
HANDS = (
    "user_task_claimed", "user_task_unclaimed", "user_task_assigned", "user_task_delegated", "user_task_resolved",
    "user_task_handed_over",
)  # fmt: skip


# There is no index by kind, on purpose: with 200,000 events a count of any of these lists takes at most 0.2 s of CPU
# without one. It would cost every event an eighth more to write, and pages of several kinds would have to be sorted,
# which takes ten times as long as reading on until they are full.
def _list(condition: ColumnElement[bool], filters: dict[str, Filter], orders: dict[str, Any]) -> ProgramList:
    """The events of a kind, of the cases that the person may see."""

    def seen(user_id: Reader) -> Select[*tuple[Any, ...]]:
        return (
            select(_H.sequence, _H.at, _H.canonical, _H.hash, _P.definition_id, _P.process_key)
            .join(_P, _P.id == _H.instance_id)
            .where(condition, is_visible_to(user_id))
        )

    return ProgramList(seen, {**_COMMON, **filters}, {**_ORDERS, **orders}, _H.sequence, _of_id)


def _body_text(name: str) -> Filter:
    return Filter("text", lambda text: body_has(_H.canonical, name, text))


def _of_id(event_id: str) -> ColumnElement[bool]:
    return _H.sequence == row_number(event_id)


_BY_ID = Filter("text", _of_id)
_COMMON = {
    "processInstanceId": equals(_H.instance_id),
    "processDefinitionId": equals(_P.definition_id),
    "processDefinitionKey": equals(_P.process_key),
    "tenantIdIn": among(_H.site_id),
    "withoutTenantId": NO_ROW,
}
_ORDERS = {"tenantId": _H.site_id, "processInstanceId": _H.instance_id, "processDefinitionId": _P.definition_id}
_WHERE = {"activityIdIn": among(_H.element_id), "activityInstanceIdIn": among(_H.activity_id), "logId": _BY_ID}


def _of_deployment(deployment_id: str) -> ColumnElement[bool]:
    return exists().where(ProcessDefinition.id == _P.definition_id, ProcessDefinition.deployment_id == deployment_id)


def _of_decision(decision_id: str) -> ColumnElement[bool]:
    """The id of a decision is its key, version and deployment."""
    key, _version, deployment_id = ("", "", *decision_id.rsplit(":", 2))[-3:]
    return and_(body_begins(_H.canonical, "decision", key), _of_deployment(deployment_id))


DECISIONS = _list(
    _H.type == "decision_evaluated",
    {
        **_WHERE,
        "decisionInstanceId": _BY_ID,
        "decisionInstanceIdIn": Filter("texts", lambda texts: _H.sequence.in_([row_number(text) for text in texts])),
        "decisionDefinitionKey": Filter("text", lambda key: body_begins(_H.canonical, "decision", key)),
        "decisionDefinitionKeyIn": Filter(
            "texts", lambda keys: or_(*(body_begins(_H.canonical, "decision", key) for key in keys))
        ),
        "decisionDefinitionId": Filter("text", _of_decision),
        "decisionDefinitionIdIn": Filter("texts", lambda ids: or_(*map(_of_decision, ids))),
        "deploymentId": Filter("text", _of_deployment),
        "evaluatedBefore": before(_H.at),
        "evaluatedAfter": after(_H.at),
        "userId": equals(_H.actor_id),
        # Decisions that another one needs are part of its evaluation: each is a root.
        "rootDecisionInstanceId": _BY_ID,
        "rootDecisionInstancesOnly": EVERY_ROW,
    },
    {"evaluationTime": _H.at},
)


def _of_variable(variable_id: str) -> ColumnElement[bool]:
    """The id of a variable is its place and name."""
    execution_id, _colon, name = variable_id.partition(":")
    return and_(body_begins(_H.canonical, "execution", execution_id), body_has(_H.canonical, "name", name))


DETAILS = _list(
    _H.type == "variable_changed",
    {
        "processInstanceIdIn": among(_H.instance_id),
        "executionId": Filter("text", lambda key: body_begins(_H.canonical, "execution", key)),
        "activityInstanceId": Filter("text", lambda key: body_begins(_H.canonical, "execution", key)),
        "variableInstanceId": Filter("text", _of_variable),
        # The answers to a form are found as the variables that they change.
        "formFields": NO_ROW,
        "variableUpdates": EVERY_ROW,
        "excludeTaskDetails": EVERY_ROW,
        "initial": flag(body_has(_H.canonical, "is_new", True)),
        "occurredBefore": before(_H.at),
        "occurredAfter": after(_H.at),
    },
    {"time": _H.at},
)

_IS_REQUEST, _IS_RESULT = _H.type == "job_requested", _H.type == "job_completed"
_IS_FAILURE = _H.type == "job_attempt_failed"
_ASKS_OUTSIDE = and_(body_begins(_H.canonical, "connector", None), not_(body_has(_H.canonical, "topic", None)))
_OF_CONNECTOR = body_starts_with(_H.canonical, "connector")
_FAILED_OUTSIDE = body_has(_H.canonical, "kind", "external")

JOB_CREATED = or_(and_(_IS_REQUEST, not_(_ASKS_OUTSIDE)), _H.type == "timer_armed")
JOB_DONE = or_(and_(_IS_RESULT, _OF_CONNECTOR), _H.type.in_(("timer_fired", "case_continued")))
JOB_FAILED = and_(_IS_FAILURE, not_(_FAILED_OUTSIDE))
JOB_LOG = _list(
    and_(
        _H.type.in_(("job_requested", "timer_armed", "job_completed", "timer_fired", "case_continued",
                     "job_attempt_failed")),
        or_(JOB_CREATED, JOB_DONE, JOB_FAILED),
    ),
    {
        **_WHERE,
        "failedActivityIdIn": Filter("texts", lambda ids: and_(JOB_FAILED, _H.element_id.in_(ids))),
        "jobId": _body_text("job"),
        "creationLog": flag(JOB_CREATED),
        "successLog": flag(JOB_DONE),
        "failureLog": flag(JOB_FAILED),
        "deletionLog": NO_ROW,
    },
    {"timestamp": _H.at, "activityId": _H.element_id, "occurrence": _H.sequence},
)  # fmt: skip

EXTERNAL_CREATED = and_(_IS_REQUEST, _ASKS_OUTSIDE)
EXTERNAL_DONE = or_(and_(_IS_RESULT, not_(_OF_CONNECTOR)), _H.type == "bpmn_error_reported")
EXTERNAL_FAILED = or_(and_(_IS_FAILURE, _FAILED_OUTSIDE), _H.type == "job_failure_reported")
EXTERNAL_LOG = _list(
    and_(
        _H.type.in_(("job_requested", "job_completed", "bpmn_error_reported", "job_failure_reported",
                     "job_attempt_failed")),
        or_(EXTERNAL_CREATED, EXTERNAL_DONE, EXTERNAL_FAILED),
    ),
    {
        **_WHERE,
        "externalTaskId": _body_text("job"),
        "topicName": _body_text("topic"),
        "workerId": _body_text("worker"),
        "creationLog": flag(EXTERNAL_CREATED),
        "successLog": flag(EXTERNAL_DONE),
        "failureLog": flag(EXTERNAL_FAILED),
        "deletionLog": NO_ROW,
    },
    {"timestamp": _H.at, "activityId": _H.element_id, "activityInstanceId": _H.activity_id},
)  # fmt: skip

# Each of these events says of several people and groups what they have to do with a user task.
LINKS = _list(
    _H.type.in_(("user_task_opened", *HANDS)),
    {
        "taskId": equals(_H.activity_id),
        "dateBefore": before(_H.at),
        "dateAfter": after(_H.at),
        "assignerId": equals(_H.actor_id),
    },
    {"time": _H.at, "taskId": _H.activity_id, "assignerId": _H.actor_id},
)


def notes_on(
    session: Session, kind: str, instance_ids: Collection[str], keys: Collection[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The notes of a kind (a type of event) in some cases on what has these keys, in their order."""
    query = select(_H.sequence, _H.at, _H.canonical, _H.hash).where(
        _H.type == kind, _H.instance_id.in_(set(instance_ids)), _H.activity_id.in_(keys)
    )
    return session.execute(query.order_by(_H.sequence)).all()
