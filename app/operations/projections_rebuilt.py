"""The tables that pages read of a case, written again from its history where they are not what it says."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from app import feel
from app.errors import Conflict
from app.i18n import N_
from app.models import ActivityInstance, Execution, FlowTaken, UserTask, Variable
from app.models.prepared import run, table_of
from app.operations.actor import Actor
from app.operations.cases import Case, lock_case
from app.operations.definitions import load_process
from app.operations.encoding import json_text
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, case_stream
from app.operations.history_reading import read_events
from app.operations.projections import Deviation, Facts, Projections, deviations, projections_of
from app.operations.rows import Row, insert_rows, upsert_rows

_VARIABLE, _ACTIVITY, _SCOPE = table_of(Variable), table_of(ActivityInstance), table_of(Execution)
_FLOW, _USER_TASK = table_of(FlowTaken), table_of(UserTask)


class NotRebuildable(Conflict):
    """After writing them again the tables still are not what the history says."""


def rebuild_projections(session: Session, instance_id: str, *, actor: Actor, now: datetime) -> list[Deviation]:
    """Write again what deviates in the tables of a case, prove it, and return what it was.

    Raises CaseNotFound; NotRebuildable where a user task has no row at all: what it offers is nowhere else.
    """
    case = lock_case(session, instance_id)
    found = deviations(session, instance_id)
    if not found:
        return []
    told = projections_of(read_events(session, case_stream(instance_id)))
    _write_scopes(session, case, told)
    _write_variables(session, case, told)
    _write_activities(session, case, told)
    _write_flows(session, case, told)
    _write_user_tasks(session, told, {deviation.key for deviation in found if deviation.table == "user_task"})
    left = deviations(session, instance_id)
    if left:
        raise NotRebuildable(
            N_("Case %(case)s: %(table)s %(key)s cannot be made again from the history."),
            case=case.case_number, table=left[0].table, key=left[0].key,
        )
    tables = sorted({deviation.table for deviation in found})
    event = Event("projections_rebuilt", {"case_id": case.id, "tables": tables, "rows": len(found)})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
    return found


def _write_scopes(session: Session, case: Case, told: Projections) -> None:
    rows: list[Row] = [
        {
            "id": scope, "instance_id": case.id, "site_id": case.site_id, "parent_id": told.parents[scope],
            "element_id": element, "started_at": began, "ended_at": ended,
        }
        for scope, (element, began, ended) in told.scopes.items()
    ]  # fmt: skip
    upsert_rows(session, Execution, rows, replaced=("element_id", "started_at", "ended_at"))


def _write_variables(session: Session, case: Case, told: Projections) -> None:
    """What an erased person's value was cannot be told: such a row stays as it is."""
    stored = run(session, select(_VARIABLE.c.execution_id, _VARIABLE.c.name).where(_of(_VARIABLE, case))).all()
    for execution_id, name in stored:
        key = f"{execution_id} {name}"
        if key not in told.variables and key not in told.unknown:
            run(session, delete(_VARIABLE).where(_VARIABLE.c.execution_id == execution_id, _VARIABLE.c.name == name))
    rows: list[Row] = []
    for key, (encoded,) in told.variables.items():
        execution_id, _, name = key.partition(" ")
        value = feel.decode(encoded)
        rows.append({
            "execution_id": execution_id, "name": name, "instance_id": case.id, "site_id": case.site_id,
            "type": feel.type_name(value), "value": json_text(value),
        })  # fmt: skip
    upsert_rows(session, Variable, rows, replaced=("type", "value"))
    _delete_others(session, _SCOPE, case, told.scopes)


def _write_activities(session: Session, case: Case, told: Projections) -> None:
    elements = load_process(session, case.definition_id).elements
    _delete_others(session, _ACTIVITY, case, told.activities)
    rows: list[Row] = [
        {
            "id": activity, "instance_id": case.id, "site_id": case.site_id, "execution_id": told.places[activity][0],
            "element_id": element, "element_type": told.places[activity][1],
            "element_name": elements[str(element)].name if element in elements else "",
            "state": state, "started_at": began, "ended_at": ended,
        }
        for activity, (element, state, began, ended) in told.activities.items()
    ]  # fmt: skip
    upsert_rows(session, ActivityInstance, rows, replaced=("element_id", "state", "started_at", "ended_at"))


def _write_flows(session: Session, case: Case, told: Projections) -> None:
    run(session, delete(_FLOW).where(_of(_FLOW, case)))
    rows: list[Row] = [
        {"instance_id": case.id, "flow_id": flow, "site_id": case.site_id, "count": count}
        for flow, count in told.flows.items()
    ]
    insert_rows(session, FlowTaken, rows)


def _write_user_tasks(session: Session, told: Projections, wrong: Iterable[str]) -> None:
    for user_task_id in wrong:
        if user_task_id in told.user_tasks:
            state, ended_at, ended_by = told.user_tasks[user_task_id]
            change = update(_USER_TASK).where(_USER_TASK.c.id == user_task_id)
            run(session, change.values(state=state, ended_at=ended_at, ended_by=ended_by))


def _delete_others(session: Session, table: Table, case: Case, told: Facts) -> None:
    """Rows of which the history knows nothing."""
    for (row_id,) in run(session, select(table.c.id).where(_of(table, case))).all():
        if row_id not in told:
            run(session, delete(table).where(table.c.id == row_id))


def _of(table: Table, case: Case) -> ColumnElement[bool]:
    return table.c.instance_id == case.id
