"""Notes on what stands in the history and on incidents: events of their own, the last one counts."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.operations.actor import Actor
from app.operations.authority import require_case_owner
from app.operations.cases import lock_case
from app.operations.history import Event, append_events, case_stream

LONGEST = 4000
OPERATION, INCIDENT = "operation_annotated", "incident_annotated"


def annotate(
    session: Session, instance_id: str, kind: str, about: str, note: str | None, *, actor: Actor, now: datetime
) -> None:
    """Write a note, which may tell of a person, or take it back with None; what it was stays in the history.

    Only process owners and administrators of the case's site. Arguments: kind, OPERATION or INCIDENT; about, the row
    number of the event, or the id of the incident. Raises CaseNotFound, NotAllowed, InvalidInput.
    """
    if note is not None and len(note) > LONGEST:
        raise InvalidInput(N_("This note is too long: %(count)s characters at most."), count=LONGEST)
    case = lock_case(session, instance_id)
    require_case_owner(session, actor, case.site_id)
    event = Event(
        kind,
        {"about": about, "is_removed": note is None},
        activity_id=about,
        personal=None if note is None else {"remark": note},
        subject_id=case.subject_id,
    )
    stream = case_stream(case.id)
    append_events(session, stream, [event], actor=actor, now=now, instance_id=case.id, site_id=case.site_id)
