"""Letters and SMS to customers nobody reached: what was written, whether it left, which are to be posted."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.outbox import letters_to_customers
from app.operations.customer_letters import WRITERS, note_posted
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import describe_moment
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.texts import gettext

blueprint = Blueprint("call_letters", __name__, url_prefix="/calls/letters")


@blueprint.get("")
@requires(Permission.CALL_CUSTOMERS)
def index() -> str:
    """Those of the sites where the person calls, the newest first."""
    sites = current_person().sites_in(WRITERS)
    letters = [_shown(row) for row in letters_to_customers(db.session(), sites)]
    return render_template("calls/letters.html", letters=letters)


@blueprint.post("/<message_id>/posted")
@requires(Permission.CALL_CUSTOMERS)
def posted(message_id: str) -> ResponseReturnValue:
    """Somebody printed and posted it."""
    note_posted(db.session(), message_id, actor=current_actor(), now=current_time())
    flash(gettext("Noted as posted."))
    return redirect(url_for("call_letters.index"), 303)


def _shown(row: Any) -> dict[str, Any]:
    now, zone = current_time(), current_person().zone
    return {
        "id": row.id,
        "is_letter": row.channel == "letter",
        "is_sent": row.state == "sent",
        "state": _state(row),
        "tone": {"sent": "green", "failed": "red", "waiting": "blue"}.get(row.state, "amber"),
        "recipient": row.recipient,
        "text": row.text,
        "written": describe_moment(row.created_at, now, zone, locale()),
    }


def _state(row: Any) -> str:
    if row.channel == "letter":
        return gettext("posted") if row.state == "sent" else gettext("to be posted")
    if row.state == "held":
        return gettext("not sent: no SMS gateway is set")
    return {"sent": gettext("sent"), "failed": gettext("failed")}.get(row.state, gettext("waiting"))
