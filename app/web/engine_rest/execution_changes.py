"""/execution/{id}/…: what a scope waits for, given to it; an incident put on it. For owners of cases."""

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.program_executions import EVENT_SUBSCRIPTIONS, EXECUTIONS
from app.models.program_incidents import INCIDENTS
from app.operations.cases import CaseNotFound
from app.operations.incidents import report_incident
from app.operations.messages import MessageAmbiguous, MessageNotCorrelated, deliver_to_waiting
from app.web.bearers import needs_scope
from app.web.camunda_errors import missing_is
from app.web.current import current_actor, current_time
from app.web.engine_rest.annotations import notes_on_incidents
from app.web.engine_rest.bodies import needed_text, object_in, read_body, text_in
from app.web.engine_rest.events import shape_subscription
from app.web.engine_rest.incident_shapes import open_incident
from app.web.engine_rest.list_routes import completed
from app.web.engine_rest.lists import found_in, found_rows
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.variables import read_variables
from app.web.permissions import Permission, requires

blueprint = resource("execution_changes", "/execution/<execution_id>")


@blueprint.get("/messageSubscriptions/<message_name>")
@requires(Permission.READ_CASES)
@needs_scope("read")
def subscription(execution_id: str, message_name: str) -> ResponseReturnValue:
    """Its wait for a message."""
    found = _waiting(execution_id, eventName=message_name)
    if not found:
        raise NotFound(N_("It does not wait for the message “%(name)s”."), name=message_name[:80])
    return shape_subscription(found[0])


@blueprint.post("/messageSubscriptions/<message_name>/trigger")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def trigger(execution_id: str, message_name: str) -> ResponseReturnValue:
    """Give it the message it waits for."""
    _deliver(_waiting(execution_id, eventName=message_name))
    return DONE


@blueprint.post("/signal")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def signal(execution_id: str) -> ResponseReturnValue:
    """Let it go on: it must wait for one message, as a receive task does."""
    _deliver(_waiting(execution_id))
    return DONE


@blueprint.post("/create-incident")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
@missing_is(500)
def create_incident(execution_id: str) -> ResponseReturnValue:
    """Let its process owner look at it."""
    found, body = found_in(EXECUTIONS, execution_id, CaseNotFound), read_body()
    kind, message = needed_text(body, "incidentType"), text_in(body, "message") or text_in(body, "configuration") or "-"
    incident_id = report_incident(
        db.session(), found.instance_id, kind, message,
        element_id=found.element_id, actor=current_actor(), now=current_time(),
    )  # fmt: skip
    shape = completed(open_incident, notes_on_incidents)
    return shape(found_in(INCIDENTS, incident_id, CaseNotFound))


def _waiting(execution_id: str, **named: str) -> Sequence[Any]:
    """The waits for messages directly in a scope. Raises CaseNotFound."""
    found_in(EXECUTIONS, execution_id, CaseNotFound)
    return found_rows(EVENT_SUBSCRIPTIONS, {"executionId": execution_id, "eventType": "message", **named})


def _deliver(found: Sequence[Any]) -> None:
    values = read_variables(object_in(read_body(), "variables"))
    if not found:
        raise MessageNotCorrelated(N_("Nothing waits for a message there."))
    if len(found) > 1:
        raise MessageAmbiguous(N_("Several activities wait for a message there."))
    row = found[0]
    deliver_to_waiting(db.session(), row.id, row.name, values, actor=current_actor(), now=current_time())
