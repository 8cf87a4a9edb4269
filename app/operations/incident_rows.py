"""Rows of incidents: raised, looked for, resolved."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from app.engine.outcome import RaisedIncident
from app.i18n import N_
from app.identifiers import new_id
from app.models import Incident, ProcessInstance
from app.models.prepared import table_of
from app.operations.actor import SYSTEM
from app.operations.cases import Case
from app.operations.incident_notices import Occasion, is_told_lately
from app.operations.notifications import notify, owners_of
from app.operations.rows import insert_rows

NOBODY_CAN_DO = "nobody_can_do"

_INCIDENT, _INSTANCE = table_of(Incident), table_of(ProcessInstance)


def insert_incidents(
    session: Session, case: Case, incidents: Sequence[RaisedIncident], *, now: datetime, job_id: str | None = None
) -> list[str]:
    """Add incidents to a case and return their ids; its own state is the caller's business.

    Owners are told by the history of the case.
    """
    rows = [_row(incident, case.id, case.site_id, job_id, now) for incident in incidents]
    insert_rows(session, Incident, rows)
    return [str(row["id"]) for row in rows]


def insert_incident_of_no_case(
    session: Session, incident: RaisedIncident, *, site_id: str | None, job_id: str | None, now: datetime
) -> None:
    """Add an incident of a case that did not come to be, or of a job that belongs to none, and tell who looks after it.

    Arguments: site_id None, for what belongs to no site: all process owners and administrators are told.
    """
    insert_rows(session, Incident, [_row(incident, None, site_id, job_id, now)])
    if not is_told_lately(session, Occasion(incident.kind, incident.element_id, site_id), now):
        notify(session, owners_of(session, site_id), "incident", params={}, actor=SYSTEM, now=now)


def _row(
    incident: RaisedIncident, instance_id: str | None, site_id: str | None, job_id: str | None, now: datetime
) -> dict[str, object]:
    return {
        "id": new_id(),
        "instance_id": instance_id,
        "site_id": site_id,
        "kind": incident.kind,
        "element_id": incident.element_id,
        "activity_id": incident.activity_id,
        "job_id": job_id,
        "msgid": incident.msgid,
        "params": json.dumps(incident.params, ensure_ascii=False, default=str),
        "is_open": True,
        "created_at": now,
        "resolved_at": None,
    }


def nobody_can_do(activity_id: str, element_id: str, name: str, meant_for: Sequence[str]) -> RaisedIncident:
    """The incident of a user task that nobody could ever do; `meant_for` are the people and groups it names."""
    return RaisedIncident(
        activity_id,
        element_id,
        NOBODY_CAN_DO,
        N_("Nobody at this site can do “%(name)s”: it is meant for %(meant_for)s. Assign it to somebody."),
        {"name": name, "meant_for": ", ".join(meant_for) or "-"},
    )


def resolve_incidents(
    session: Session,
    instance_id: str,
    *,
    now: datetime,
    activity_ids: Collection[str] | None = None,
    kind: str | None = None,
) -> None:
    """Close the open incidents of a case, or only those of some activities or of one kind."""
    change = update(_INCIDENT).where(_INCIDENT.c.instance_id == instance_id, _INCIDENT.c.is_open == true())
    if activity_ids is not None:
        change = change.where(_INCIDENT.c.activity_id.in_(activity_ids))
    if kind is not None:
        change = change.where(_INCIDENT.c.kind == kind)
    session.execute(change.values(is_open=False, resolved_at=now))


def has_open_incidents(session: Session, instance_id: str) -> bool:
    """Whether a case still waits for somebody to look at an incident."""
    statement = select(_INCIDENT.c.id).where(_INCIDENT.c.instance_id == instance_id, _INCIDENT.c.is_open == true())
    return session.execute(statement.limit(1)).first() is not None


def settle_case(session: Session, case: Case) -> None:
    """After incidents of an open case were resolved: it runs normally again once none is left."""
    if case.state == "incident" and not has_open_incidents(session, case.id):
        change = update(_INSTANCE).where(_INSTANCE.c.id == case.id)
        session.execute(change.values(state="active", revision=_INSTANCE.c.revision + 1))
