"""The outbox: mails and webhooks on their way, those that wait or failed, and whether anything may leave."""

import json
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, NotFound
from app.extensions import db
from app.i18n import N_
from app.models.outbox import CHANNELS, STATES, held_messages, outbox_message, outbox_page, outgoing_switch
from app.operations.outbox import send_again
from app.operations.outgoing import DRAWING
from app.operations.outgoing_switch import switch_outgoing
from app.web.admin.reach import my_sites
from app.web.current import current_actor, current_person, current_time
from app.web.human_times import describe_moment
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext, ngettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("outbox", __name__, url_prefix="/admin/outbox")

STATE_NAMES = {"waiting": N_("waiting"), "sent": N_("sent"), "held": N_("not sent"), "failed": N_("failed")}
STATE_TONES = {"waiting": "blue", "sent": "green", "held": "amber", "failed": "red"}
CHANNEL_NAMES = {"mail": N_("Mail"), "sms": N_("SMS"), "letter": N_("Letter"), "webhook": N_("Webhook")}
CHANNEL_ICONS = {"mail": "mail", "sms": "message-square", "letter": "file-text", "webhook": "send"}
MOST_HELD_AT_ONCE = 500


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """The messages, the newest first."""
    return _list_page()


@blueprint.get("/<message_id>")
@requires(Permission.ADMINISTER)
def show(message_id: str) -> str:
    """One message as its reader sees it; what lets somebody in is not shown."""
    row = outbox_message(db.session(), my_sites(), message_id)
    if row is None:
        raise NotFound(N_("This message does not exist, or you may not see it."))
    return render_template("admin/outbox_message.html", message=row, shown=_shown(row))


@blueprint.post("/<message_id>/retry")
@requires(Permission.ADMINISTER)
def retry(message_id: str) -> ResponseReturnValue:
    """Try one again."""
    send_again(db.session(), message_id, actor=current_actor(), now=current_time())
    flash(gettext("It is sent again."))
    return redirect(url_for("outbox.show", message_id=message_id), 303)


@blueprint.post("/retry-held")
@requires(Permission.ADMINISTER)
def retry_held() -> ResponseReturnValue:
    """Send what could not be sent for want of a mail server."""
    held = held_messages(db.session(), my_sites(), MOST_HELD_AT_ONCE)
    for message_id in held:
        send_again(db.session(), message_id, actor=current_actor(), now=current_time())
    flash(ngettext("%(num)d message is sent now.", "%(num)d messages are sent now.", len(held)))
    return redirect(url_for("outbox.index"), 303)


@blueprint.post("/switch")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def switch() -> ResponseReturnValue:
    """Hold everything back, or let it leave again."""
    is_on = typed("outgoing") == "on"
    refusal = attempt(
        lambda: switch_outgoing(
            db.session(), is_on=is_on, reason=typed("reason"), actor=current_actor(), now=current_time()
        )
    )
    done = gettext("Messages leave again.") if is_on else gettext("Nothing leaves until you switch it on again.")
    return answer_form(refusal, done, url_for("outbox.index"), _list_page)


def _list_page(refusal: AppError | None = None) -> ResponseReturnValue:
    state, channel = request.args.get("state", ""), request.args.get("channel", "")
    state, channel = state if state in STATES else "", channel if channel in CHANNELS else ""
    page = outbox_page(db.session(), my_sites(), state=state, channel=channel, after=request.args.get("after"))
    wanted = {"state": state, "channel": channel}
    more = url_for("outbox.index", state=state, channel=channel, after=page.next_cursor) if page.next_cursor else ""
    form = TypedForm(refusal=refusal)
    text = render_template(
        "admin/outbox.html",
        messages=[_shown(row) for row in page.rows],
        more_url=more,
        wanted=wanted,
        states=[("", gettext("All states")), *((key, gettext(STATE_NAMES[key])) for key in STATES)],
        channels=[("", gettext("All channels")), *((key, gettext(CHANNEL_NAMES[key])) for key in CHANNELS)],
        form=form,
        switch=outgoing_switch(db.session()),
        has_mail_server=current_app.config["AFTERCARE_HAS_MAIL_SERVER"],
        has_held=bool(held_messages(db.session(), my_sites(), 1)),
    )
    return text, form.status


def _shown(row: Any) -> dict[str, Any]:
    now, zone = current_time(), current_person().zone
    return {
        "id": row.id,
        "url": url_for("outbox.show", message_id=row.id),
        "channel": gettext(CHANNEL_NAMES[row.channel]),
        "icon": CHANNEL_ICONS[row.channel],
        "recipient": row.subscription or row.recipient,
        "subject": row.subject,
        "state": gettext(STATE_NAMES[row.state]),
        "tone": STATE_TONES[row.state],
        "attempts": row.attempts or 0,
        "error": row.last_error if row.state != "sent" else None,
        "created": describe_moment(row.created_at, now, zone, locale()),
        "has_drawing": DRAWING in json.loads(row.payload or "{}"),
        "sent": describe_moment(row.sent_at, now, zone, locale()) if row.sent_at else None,
        "can_retry": bool(row.text)
        and row.channel != "letter"
        and (row.state in ("held", "failed") or row.channel == "webhook"),
    }
