"""Notes on incidents and on what people did: read with them, written by owners of cases."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.program_events import notes_on
from app.models.program_history import USER_OPERATIONS
from app.models.program_incidents import PAST_INCIDENTS
from app.operations.annotations import INCIDENT, OPERATION, annotate
from app.operations.history_reading import decode_events
from app.web.bearers import needs_scope
from app.web.current import current_actor, current_time
from app.web.engine_rest.bodies import needed_text, read_body
from app.web.engine_rest.lists import found_in
from app.web.engine_rest.missing_rows import no_incident, nothing_there
from app.web.engine_rest.resource import DONE, resource
from app.web.permissions import Permission, requires

blueprint = resource("annotations")


@dataclass(frozen=True, slots=True)
class Annotated:
    """A row of a list with the note on it, if there is one that may still be read."""

    row: Any
    note: str | None


def with_notes(kind: str, key: Callable[[Any], str]) -> Callable[[Sequence[Any]], Iterable[Annotated]]:
    """Gives rows with their notes; `key` is what a note of this kind names them by."""

    def complete(rows: Sequence[Any]) -> Iterable[Annotated]:
        stored = notes_on(db.session(), kind, [row.instance_id for row in rows], [key(row) for row in rows])
        notes = {event.activity_id: event.personal for event in decode_events(db.session(), stored)}
        return [Annotated(row, (notes.get(key(row)) or {}).get("remark")) for row in rows]

    return complete


notes_on_incidents = with_notes(INCIDENT, lambda row: str(row.id))
notes_on_operations = with_notes(OPERATION, lambda row: str(row.sequence))


@blueprint.put("/incident/<incident_id>/annotation")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def annotate_incident(incident_id: str) -> ResponseReturnValue:
    """Write a note on an incident."""
    return _annotate(_incident(incident_id), INCIDENT, incident_id, _note())


@blueprint.delete("/incident/<incident_id>/annotation")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def clear_incident(incident_id: str) -> ResponseReturnValue:
    """Take it back."""
    return _annotate(_incident(incident_id), INCIDENT, incident_id, None)


@blueprint.put("/history/user-operation/<event_id>/set-annotation")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def annotate_operation(event_id: str) -> ResponseReturnValue:
    """Write a note on what somebody did."""
    return _annotate(_operation(event_id), OPERATION, event_id, _note())


@blueprint.put("/history/user-operation/<event_id>/clear-annotation")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def clear_operation(event_id: str) -> ResponseReturnValue:
    """Take it back."""
    return _annotate(_operation(event_id), OPERATION, event_id, None)


def _incident(incident_id: str) -> Any:
    return found_in(PAST_INCIDENTS, incident_id, no_incident)


def _operation(event_id: str) -> Any:
    return found_in(USER_OPERATIONS, event_id, nothing_there)


def _annotate(found: Any, kind: str, key: str, note: str | None) -> ResponseReturnValue:
    annotate(db.session(), found.instance_id, kind, key, note, actor=current_actor(), now=current_time())
    return DONE


def _note() -> str:
    return needed_text(read_body(), "annotation")
