"""What all resources of this interface share: their address, who is let in, how often."""

from flask import Blueprint, Response, current_app

from app.extensions import db
from app.operations.failures import StepNotDone, record_failed_step
from app.web.answers import ENGINE_PATH
from app.web.bearers import refuse_missing_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_actor, current_time, this_request
from app.web.error_pages import answer_app_error
from app.web.rate_limits import within_limit
from app.web.storable import NOT_STORABLE, is_storable
from app.web.transactions import write_transaction

DONE = ("", 204)
REASON = "REST"  # of changes for which people say why: the interface asks for no words


def resource(name: str, path: str = "") -> Blueprint:
    """The blueprint of a resource; every request to it is counted, and its token's scope is asked for."""
    blueprint = Blueprint(f"engine_rest_{name}", __name__, url_prefix=ENGINE_PATH + path)
    blueprint.before_request(_admit)
    blueprint.after_request(_empty_is_of_no_kind)
    blueprint.register_error_handler(StepNotDone, _tell_owner)
    return blueprint


def _admit() -> None:
    within_limit("engine_rest")
    asking = this_request()
    refuse_missing_scope(current_app.view_functions[asking.endpoint or ""])
    if not is_storable([*(asking.view_args or {}).values(), *asking.args.keys(), *asking.args.values()]):
        raise MalformedRequest(NOT_STORABLE)


def _empty_is_of_no_kind(answer: Response) -> Response:
    """Clients that read the kind of an answer look for a body then."""
    if answer.status_code == DONE[1]:
        answer.headers.pop("Content-Type", None)
    return answer


def _tell_owner(failure: StepNotDone) -> Response:
    """Nothing of the step was kept, and the process owner finds an incident.

    Not of a change that a program wanted: it is told, and nothing would ever end the incident.
    """
    db.session.rollback()
    if failure.is_of_the_case:
        with write_transaction():
            record_failed_step(db.session(), failure, actor=current_actor(), now=current_time())
    return answer_app_error(failure)
