"""Activities of ad-hoc subprocesses, begun by whoever works in the case."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.display_names import DefinitionNames
from app.models.process_instance import ProcessInstance
from app.operations.ad_hoc_activities import activities_offered, begin_activity
from app.web.content_places import existing_case
from app.web.current import current_actor, current_time
from app.web.element_names import element_name
from app.web.permissions import Permission, requires
from app.web.texts import gettext

blueprint = Blueprint("ad_hoc_starts", __name__, url_prefix="/cases/<instance_id>/start")


@dataclass(frozen=True, slots=True)
class Startable:
    """An activity that can be begun: where, which, and what people call it."""

    activity_id: str
    element_id: str
    name: str


@blueprint.post("")
@requires(Permission.WORK)
def start(instance_id: str) -> ResponseReturnValue:
    """Begin one."""
    existing_case(instance_id)
    activity_id, element_id = request.form.get("activity", ""), request.form.get("element", "")
    begin_activity(db.session(), instance_id, activity_id, element_id, actor=current_actor(), now=current_time())
    flash(gettext("It is started."))
    return redirect(url_for("cases.show", instance_id=instance_id), 303)


def startable_in(instance: ProcessInstance, names: DefinitionNames) -> list[Startable]:
    """What the person can begin in a case."""
    if instance.ended_at is not None:
        return []
    found = activities_offered(db.session(), instance.id, actor=current_actor(), now=current_time())
    return [Startable(one.activity_id, one.element_id, element_name(names, one.element_id)) for one in found]
