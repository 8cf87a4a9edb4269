"""What a case page shows beside the history: open user tasks, variables, the path taken, linked cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.process_definition import DeploymentResource, ProcessDefinition
from app.models.process_instance import ActivityInstance, Execution, FlowTaken, ProcessInstance, Variable
from app.models.user_task import UserTask
from app.models.visibility import is_visible_to

# What an element with several passes is shown as: the worst first.
STATE_ORDER = ("incident", "active", "done", "cancelled")


@dataclass(frozen=True, slots=True)
class NodeRun:
    """What became of an element of the diagram: its most telling state, how often it was entered, for how long.

    seconds: of all passes that have ended, put together.
    """

    state: str
    count: int
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The path a case took: element id -> NodeRun, sequence flow id -> how often."""

    nodes: dict[str, NodeRun]
    flows: dict[str, int]


def visible_instance(session: Session, user_id: str, instance_id: str) -> ProcessInstance | None:
    """The case, if it exists and this person may see it."""
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id, is_visible_to(user_id))
    return session.scalars(query).one_or_none()


def user_tasks_of(session: Session, instance_id: str) -> Sequence[UserTask]:
    """The user tasks of a case, the open ones first, then the newest."""
    query = select(UserTask).where(UserTask.instance_id == instance_id)
    found = session.scalars(query.order_by(UserTask.created_at.desc(), UserTask.id.desc())).all()
    return sorted(found, key=lambda user_task: user_task.state != "open")


@dataclass(frozen=True, slots=True)
class StoredVariable:
    """A variable; `value` is JSON text, `element_id` the element of its scope, None for the whole case."""

    execution_id: str
    name: str
    value: str
    element_id: str | None
    is_open: bool


def variables_of(session: Session, instance_id: str) -> Sequence[StoredVariable]:
    """All variables of a case, those of the whole case first; `is_open` whether their scope still is."""
    query = (
        select(
            Execution.id, Variable.name, Variable.value, Execution.parent_id, Execution.element_id, Execution.ended_at
        )
        .join(Execution, Execution.id == Variable.execution_id)
        .where(Variable.instance_id == instance_id)
        .order_by(Execution.parent_id.isnot(None), Execution.started_at, Variable.name)
    )
    return [
        StoredVariable(scope_id, name, value, element_id if parent_id else None, ended_at is None)
        for scope_id, name, value, parent_id, element_id, ended_at in session.execute(query)
    ]


def linked_instances(session: Session, user_id: str, instance: ProcessInstance) -> Sequence[ProcessInstance]:
    """The case this one came from and the cases that came from it, as far as the person may see them."""
    is_linked = or_(ProcessInstance.id == instance.origin_id, ProcessInstance.origin_id == instance.id)
    query = select(ProcessInstance).where(is_linked, is_visible_to(user_id)).order_by(ProcessInstance.started_at)
    return session.scalars(query).all()


def run_of(session: Session, instance_id: str) -> Run:
    """The path of a case."""
    passes: dict[str, list[str]] = {}
    spent: dict[str, timedelta] = {}
    activity = ActivityInstance
    query = select(activity.element_id, activity.state, activity.started_at, activity.ended_at)
    for element_id, state, started_at, ended_at in session.execute(query.where(activity.instance_id == instance_id)):
        passes.setdefault(element_id, []).append(state)
        if ended_at is not None:
            spent[element_id] = spent.get(element_id, timedelta()) + (ended_at - started_at)
    flows = session.execute(
        select(FlowTaken.flow_id, FlowTaken.count.label("taken")).where(FlowTaken.instance_id == instance_id)
    )
    nodes = {
        element_id: NodeRun(
            min(states, key=STATE_ORDER.index), len(states), int(spent.get(element_id, timedelta()).total_seconds())
        )
        for element_id, states in passes.items()
    }
    return Run(nodes, {row.flow_id: row.taken for row in flows})


@dataclass(frozen=True, slots=True)
class Step:
    """One pass of an activity or event; people only where it was a user task."""

    element_id: str
    element_name: str
    element_type: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    assignee_id: str | None
    ended_by: str | None
    ended_for: str | None


def steps_of(session: Session, instance_id: str, most: int) -> Sequence[Step]:
    """What was done in a case, the newest `most` of it in the order in which it began; gateways left out."""
    activity = ActivityInstance
    query = (
        select(
            activity.element_id, activity.element_name, activity.element_type, activity.state, activity.started_at,
            activity.ended_at, UserTask.assignee_id, UserTask.ended_by, UserTask.ended_for,
        )
        .outerjoin(UserTask, UserTask.id == activity.id)
        .where(activity.instance_id == instance_id, activity.element_type.not_like("%Gateway"))
        .order_by(activity.started_at.desc(), activity.id.desc())
        .limit(most)
    )  # fmt: skip
    return [Step(*row) for row in reversed(session.execute(query).all())]


def diagram_of(session: Session, definition_id: str) -> bytes | None:
    """The BPMN file that a case is pinned to, byte for byte."""
    query = (
        select(DeploymentResource.content)
        .join(ProcessDefinition, ProcessDefinition.deployment_id == DeploymentResource.deployment_id)
        .where(ProcessDefinition.id == definition_id, DeploymentResource.name == ProcessDefinition.resource_name)
    )
    return session.scalars(query).one_or_none()
