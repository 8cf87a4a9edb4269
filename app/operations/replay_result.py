"""Where a replayed case has come to, held against the tables: variables, path, end and the engine's own state."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.engine import state_document
from app.i18n import N_
from app.models import ActivityInstance, InstanceState, ProcessInstance, Variable
from app.operations.cases import Case
from app.operations.replay_steps import Player

Finding = tuple[str, dict[str, object]]


def compare_result(session: Session, case: Case, player: Player) -> Finding | None:
    """The first thing stored that the replay does not have, or has differently."""
    return next(_findings(session, case, player), None)


def _findings(session: Session, case: Case, player: Player) -> Iterator[Finding]:
    variables: dict[str, object] = {
        f"{execution_id} {name}": feel.encode(value) for (execution_id, name), value in player.variables.items()
    }
    for msgid, stored, replayed in (
        (
            N_("The variable %(name)s is stored as %(stored)s, the replay has %(replayed)s."),
            _stored_variables(session, case),
            variables,
        ),
        (
            N_("The activity %(name)s is stored as %(stored)s, the replay has %(replayed)s."),
            _stored_activities(session, case),
            {activity_id: list(last) for activity_id, last in player.activities.items()},
        ),
        (
            N_("The case's %(name)s is stored as %(stored)s, the replay has %(replayed)s."),
            _stored_case(session, case),
            _replayed_case(player),
        ),
    ):
        for name in {**stored, **replayed}:
            if stored.get(name) != replayed.get(name) or (name in stored) != (name in replayed):
                yield msgid, {"name": name, "stored": _told(stored.get(name)), "replayed": _told(replayed.get(name))}


def _told(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _stored_variables(session: Session, case: Case) -> dict[str, object]:
    columns = (Variable.execution_id, Variable.name, Variable.value)
    rows = session.execute(select(*columns).where(Variable.instance_id == case.id))
    return {f"{row.execution_id} {row.name}": json.loads(row.value) for row in rows}


def _stored_activities(session: Session, case: Case) -> dict[str, object]:
    columns = (ActivityInstance.id, ActivityInstance.element_id, ActivityInstance.state)
    rows = session.execute(select(*columns).where(ActivityInstance.instance_id == case.id))
    return {row.id: [row.element_id, row.state] for row in rows}


def _stored_case(session: Session, case: Case) -> dict[str, object]:
    end = session.scalar(select(ProcessInstance.end_event_id).where(ProcessInstance.id == case.id))
    content = session.scalar(select(InstanceState.content).where(InstanceState.instance_id == case.id))
    return {"end": end, "state": state_document(content) if content is not None else None}


def _replayed_case(player: Player) -> dict[str, object]:
    outcome = player.last
    if outcome is None:
        return {}
    state = state_document(outcome.state) if outcome.state is not None else None
    return {"end": outcome.end_event_id, "state": state}
