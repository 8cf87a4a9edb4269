"""Tables that pages read of a case, made again from its history: variables, path, flows, scopes, user tasks.

The history is what happened; these tables repeat it in a shape that is quick to read. Here is the proof that they do.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActivityInstance, Execution, FlowTaken, UserTask, Variable
from app.operations.history import case_stream
from app.operations.history_reading import RecordedEvent, read_events

ENDED = ("done", "cancelled")
Facts = dict[str, tuple[object, ...]]


@dataclass(slots=True)
class Projections:
    """What the tables of a case should hold; each row under its key.

    variables: JSON of the value; unknown, where an erased person's value was, are left out on both sides.
    activities: element, state, first and last moment. scopes: element, first and last moment. user_tasks: state, end
    and who ended it. flows: how often taken. Besides, for rows that are missing: parents, scope -> the scope around it;
    places, activity -> its scope and kind.
    """

    variables: Facts = field(default_factory=dict)
    activities: Facts = field(default_factory=dict)
    scopes: Facts = field(default_factory=dict)
    user_tasks: Facts = field(default_factory=dict)
    flows: Counter[str] = field(default_factory=Counter)
    unknown: set[str] = field(default_factory=set)
    parents: dict[str, str | None] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A row that is not what the history says; `stored` or `told` is None where there is none."""

    table: str
    key: str
    stored: tuple[object, ...] | None
    told: tuple[object, ...] | None


def deviations(session: Session, instance_id: str) -> list[Deviation]:
    """Where the tables of a case are not what its history says; empty when all is well."""
    told = projections_of(read_events(session, case_stream(instance_id)))
    found: list[Deviation] = []
    for table, stored, rebuilt in (
        ("variable", _stored_variables(session, instance_id), told.variables),
        ("activity_instance", _stored_activities(session, instance_id), told.activities),
        ("execution", _stored_scopes(session, instance_id), told.scopes),
        ("user_task", _stored_user_tasks(session, instance_id), told.user_tasks),
        ("flow_taken", _stored_flows(session, instance_id), {flow: (count,) for flow, count in told.flows.items()}),
    ):
        keys = (key for key in {**stored, **rebuilt} if key not in told.unknown)
        found += [
            Deviation(table, key, stored.get(key), rebuilt.get(key))
            for key in keys
            if stored.get(key) != rebuilt.get(key)
        ]
    return found


def projections_of(events: Sequence[RecordedEvent]) -> Projections:
    """The events of a case, played into what the tables hold after the last."""
    made = Projections()
    for event in events:
        play = _PLAYED.get(event.type)
        if play is not None:
            play(made, event)
    return made


def _path(made: Projections, event: RecordedEvent) -> None:
    for scope, parent, element, is_open in event.body["executions"]:
        known = made.scopes.get(scope)
        made.parents[scope] = parent
        made.scopes[scope] = (element, event.at, None) if is_open or known is None else (*known[:2], event.at)
    for activity, scope, element, kind, state in event.body["activities"]:
        known = made.activities.get(activity)
        made.places[activity] = (scope, kind)
        began = known[2] if known else event.at
        place = known[0] if known else element
        made.activities[activity] = (place, state, began, event.at if state in ENDED else None)
    made.flows.update(event.body["flows"])


def _variable(made: Projections, event: RecordedEvent) -> None:
    key = f"{event.body['execution']} {event.body['name']}"
    made.unknown.discard(key)
    if event.body["is_removed"]:
        made.variables.pop(key, None)
    elif event.is_erased:
        made.unknown.add(key)
    else:
        values: Mapping[str, object] = event.personal if event.personal is not None else event.body
        made.variables[key] = (values["new"],)


def _migrated(made: Projections, event: RecordedEvent) -> None:
    """What is open goes by the names of the new version; what has ended keeps its own."""
    renamed: Mapping[str, str] | None = event.body.get("renamed")  # older histories have the mapping only
    mapping = event.body["mapping"]
    for facts in (made.activities, made.scopes):
        for key, row in facts.items():
            if row[-1] is None:
                element = mapping.get(row[0], row[0]) if renamed is None else renamed.get(key, row[0])
                facts[key] = (element, *row[1:])


def _opened(made: Projections, event: RecordedEvent) -> None:
    made.user_tasks[str(event.activity_id)] = ("open", None, None)


def _ended(state: str) -> Callable[[Projections, RecordedEvent], None]:
    def play(made: Projections, event: RecordedEvent) -> None:
        made.user_tasks[str(event.activity_id)] = (state, event.at, event.actor_id)

    return play


_PLAYED: Mapping[str, Callable[[Projections, RecordedEvent], None]] = {
    "path_taken": _path,
    "variable_changed": _variable,
    "case_migrated": _migrated,
    "user_task_opened": _opened,
    "user_task_completed": _ended("completed"),
    "user_task_cancelled": _ended("cancelled"),
}


def _stored_variables(session: Session, instance_id: str) -> Facts:
    columns = (Variable.execution_id, Variable.name, Variable.value)
    rows = session.execute(select(*columns).where(Variable.instance_id == instance_id))
    return {f"{row.execution_id} {row.name}": (json.loads(row.value),) for row in rows}


def _stored_activities(session: Session, instance_id: str) -> Facts:
    columns = (
        ActivityInstance.id, ActivityInstance.element_id, ActivityInstance.state, ActivityInstance.started_at,
        ActivityInstance.ended_at,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(ActivityInstance.instance_id == instance_id))
    return {row.id: (row.element_id, row.state, row.started_at, row.ended_at) for row in rows}


def _stored_scopes(session: Session, instance_id: str) -> Facts:
    columns = (Execution.id, Execution.element_id, Execution.started_at, Execution.ended_at)
    rows = session.execute(select(*columns).where(Execution.instance_id == instance_id))
    return {row.id: (row.element_id, row.started_at, row.ended_at) for row in rows}


def _stored_user_tasks(session: Session, instance_id: str) -> Facts:
    columns = (UserTask.id, UserTask.state, UserTask.ended_at, UserTask.ended_by)
    rows = session.execute(select(*columns).where(UserTask.instance_id == instance_id))
    return {row.id: (row.state, row.ended_at, row.ended_by) for row in rows}


def _stored_flows(session: Session, instance_id: str) -> Facts:
    columns = (FlowTaken.flow_id, FlowTaken.count.label("taken"))
    rows = session.execute(select(*columns).where(FlowTaken.instance_id == instance_id))
    return {row.flow_id: (row.taken,) for row in rows}
