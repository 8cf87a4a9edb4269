"""/message, /signal, /condition and /event-subscription: what wakes cases, or starts them."""

from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from app.extensions import db
from app.i18n import N_
from app.models.program_cases import PAST_CASES
from app.models.program_executions import EVENT_SUBSCRIPTIONS, waiting_for
from app.models.program_lists import one_of
from app.operations.authority import require_case_owner
from app.operations.messages import MessageAmbiguous, MessageNotCorrelated, correlate_message, deliver_to_waiting
from app.operations.signals import throw_signal
from app.operations.start_events import evaluate_conditions
from app.web.bearers import needs_scope
from app.web.camunda_errors import NotOffered
from app.web.current import current_actor, current_person, current_time
from app.web.engine_rest import cases
from app.web.engine_rest.bodies import flag_in, needed_text, object_in, read_body, text_in
from app.web.engine_rest.case_values import variables_of_case
from app.web.engine_rest.list_routes import BY_ADDRESS, add_list
from app.web.engine_rest.lists import equal_values
from app.web.engine_rest.moments import write_moment
from app.web.engine_rest.resource import DONE, resource
from app.web.engine_rest.sites import chosen_site
from app.web.engine_rest.variables import read_variables
from app.web.permissions import Permission, requires, sites_with

blueprint = resource("events")


@blueprint.post("/message")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def message() -> ResponseReturnValue:
    """Give a message to the one case that waits for it, to all of them where asked for, or start a case with it."""
    body = read_body()
    if object_in(body, "localCorrelationKeys") or object_in(body, "processVariablesLocal"):
        raise NotOffered("local variables (message)")
    name, values = needed_text(body, "messageName"), read_variables(object_in(body, "processVariables"))
    site_id, business_key, instance_id = _site(body), text_in(body, "businessKey"), text_in(body, "processInstanceId")
    require_case_owner(db.session(), current_actor(), site_id)  # before anything is said about who waits there
    found = db.session.execute(
        waiting_for(
            name, [site_id], business_key=business_key, instance_id=instance_id,
            values=equal_values(read_variables(object_in(body, "correlationKeys"))),
        )
    ).all()  # fmt: skip
    if len(found) > 1 and not flag_in(body, "all"):
        raise MessageAmbiguous(N_("Several cases wait for the message “%(name)s” with the same key."), name=name)
    actor, now, session = current_actor(), current_time(), db.session()
    results = [
        ("Execution", deliver_to_waiting(session, row.id, name, values, actor=actor, now=now), row.execution_id)
        for row in found
    ]
    if not found:
        if instance_id or body.get("correlationKeys"):  # a certain case was meant, not a new one
            raise MessageNotCorrelated(N_("No case waits for the message “%(name)s”."), name=name)
        started = correlate_message(
            session, name, values, site_id=site_id, business_key=business_key, actor=actor, now=now
        )
        results.append(("ProcessDefinition", started, None))
    return [_result(body, *result) for result in results] if flag_in(body, "resultEnabled") else DONE


@blueprint.post("/signal")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def signal() -> ResponseReturnValue:
    """Throw a signal at a site; who hears it does so in jobs of their own."""
    body = read_body()
    if text_in(body, "executionId"):
        raise NotOffered("executionId (signal)")
    values = read_variables(object_in(body, "variables"))
    throw_signal(
        db.session(), needed_text(body, "name"), values, site_id=_site(body), actor=current_actor(), now=current_time()
    )
    return DONE


@blueprint.post("/condition")
@requires(Permission.CHANGE_CASES)
@needs_scope("change")
def condition() -> ResponseReturnValue:
    """Start a case at each conditional start event that these variables make true."""
    body = read_body()
    if text_in(body, "processDefinitionId"):
        raise NotOffered("processDefinitionId (condition)")
    started = evaluate_conditions(
        db.session(), read_variables(object_in(body, "variables")), site_id=_site(body),
        business_key=text_in(body, "businessKey"), actor=current_actor(), now=current_time(),
    )  # fmt: skip
    return [cases.shape(case) for case in started]


def _site(body: Mapping[str, Any]) -> str:
    sites = sites_with(current_person(), Permission.CHANGE_CASES)
    return chosen_site(text_in(body, "tenantId"), sites, N_("Say at which site: tenantId."))


def _result(body: Mapping[str, Any], kind: str, instance_id: str, execution_id: str | None) -> dict[str, Any]:
    row = one_of(db.session(), PAST_CASES, current_person().id, instance_id)
    execution = {
        "id": execution_id or instance_id, "processInstanceId": instance_id, "ended": False,
        "tenantId": row.site_id if row else None,
    }  # fmt: skip
    wants_variables = flag_in(body, "variablesInResultEnabled")
    return {
        "resultType": kind,
        "processInstance": cases.shape(row) if row else None,
        "execution": execution if kind == "Execution" else None,
        "variables": variables_of_case(instance_id) if row and wants_variables else None,
    }


def shape_subscription(row: Any) -> dict[str, Any]:
    """What a case waits for, as clients know it."""
    return {
        "id": row.id,
        "eventType": row.kind,
        "eventName": row.name,
        "executionId": row.execution_id,
        "processInstanceId": row.instance_id,
        "activityId": row.element_id,
        "createdDate": write_moment(row.started_at),
        "tenantId": row.site_id,
    }


add_list(blueprint, "/event-subscription", EVENT_SUBSCRIPTIONS, shape_subscription, methods=BY_ADDRESS)
