"""…/rendered-form: forms as plain HTML, for programs that show them to somebody."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.forms import BoundForm, bind
from app.i18n import N_
from app.web.bearers import needs_scope
from app.web.camunda_errors import MalformedRequest
from app.web.current import current_time
from app.web.engine_rest.definition_changes import start_site
from app.web.engine_rest.definitions import ADDRESSES, existing
from app.web.engine_rest.list_routes import BY_ADDRESS, add_reading
from app.web.engine_rest.resource import resource
from app.web.form_context import start_surroundings
from app.web.languages import locale
from app.web.looks import log_look
from app.web.permissions import Permission, requires
from app.web.user_task_detail import find_place
from app.web.user_task_form import bind_user_task, form_definition

blueprint = resource("rendered_forms")


@blueprint.get("/task/<user_task_id>/rendered-form")
@requires(Permission.WORK)
@needs_scope("read")
def of_user_task(user_task_id: str) -> ResponseReturnValue:
    """The form of an open user task with what stands in it for this person."""
    place = find_place(user_task_id)
    _refuse_without_form(place.user_task.form_key)
    log_look(place.instance.customer_id)
    return _rendered(bind_user_task(place.user_task, place.instance))


def of_start(
    definition_id: str | None = None, process_key: str | None = None, site_id: str | None = None
) -> ResponseReturnValue:
    """The form that a start asks for, at the site where the person would start the process."""
    found = existing(definition_id, process_key, site_id)
    _refuse_without_form(found.start_form_key)
    session, site = db.session(), start_site(found.key, site_id)
    form = form_definition(found.id, found.start_form_key)
    surroundings = start_surroundings(session, form, site, current_time())
    return _rendered(bind(form, surroundings.values, None, None, surroundings.environment, locale()))


def _refuse_without_form(form_key: str | None) -> None:
    if form_key is None:
        raise MalformedRequest(N_("There is no form."))


def _rendered(bound: BoundForm) -> ResponseReturnValue:
    return render_template("engine_rest/rendered_form.html", bound=bound, variable_names=bound.definition.keys)


for _place in ADDRESSES:
    add_reading(blueprint, f"/process-definition{_place}/rendered-form", BY_ADDRESS, of_start, Permission.START_PROCESS)
