"""Incidents: the list of those that are open, each with a button to try again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Conflict
from app.extensions import db
from app.operations.incidents import retry_incident
from app.web.current import current_actor, current_time
from app.web.incident_views import incident_groups, incidents_alike
from app.web.permissions import Permission, requires
from app.web.texts import gettext, ngettext
from app.web.transactions import commits_itself, write_transaction

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")


@blueprint.get("")
@requires(Permission.CHANGE_CASES)
def index() -> str:
    """The open incidents at the person's sites, the oldest first."""
    groups, following = incident_groups(request.args.get("after"))
    next_url = url_for("incidents.index", after=following) if following else None
    return render_template("incidents/list.html", groups=groups, next_url=next_url)


@blueprint.post("/<incident_id>/retry")
@requires(Permission.CHANGE_CASES)
def retry(incident_id: str) -> ResponseReturnValue:
    """Try one again."""
    reason = request.form.get("reason", "").strip() or None
    retry_incident(db.session(), incident_id, reason=reason, actor=current_actor(), now=current_time())
    flash(gettext("It is tried again."))
    case = request.form.get("case", "")
    return redirect(url_for("cases.show", instance_id=case) if case else url_for("incidents.index"), 303)


@blueprint.post("/retry")
@requires(Permission.CHANGE_CASES)
@commits_itself  # one case a transaction, or a single one would hold all others up
def retry_alike() -> ResponseReturnValue:
    """Try all of a kind again."""
    wanted = [request.form.get(name, "") for name in ("definition", "element", "kind")]
    incident_ids = incidents_alike(*wanted)
    db.session.rollback()
    actor, done = current_actor(), 0
    reason = request.form.get("reason", "").strip() or None
    for incident_id in incident_ids:
        try:
            with write_transaction():
                retry_incident(db.session(), incident_id, reason=reason, actor=actor, now=current_time())
        except Conflict:  # somebody else was quicker with this one
            continue
        done += 1
    flash(ngettext("%(num)d incident is tried again.", "%(num)d incidents are tried again.", done))
    return redirect(url_for("incidents.index"), 303)
