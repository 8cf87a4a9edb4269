"""What a webhook delivered: every event with its attempts, delivered once more one by one or by time."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import WebhookAttempt, WebhookSubscription
from app.models.outbox import STATES
from app.models.webhook_deliveries import attempts_of, deliveries_page, delivery
from app.operations.webhook_kinds import TEST, WEBHOOK_KINDS
from app.operations.webhook_replay import ReplayedRange, replay_delivery, replay_range
from app.operations.webhook_subscriptions import subscription_for
from app.web.admin.outbox import STATE_NAMES, STATE_TONES
from app.web.current import current_actor, current_time
from app.web.past_moments import past_moment
from app.web.permissions import Permission, requires
from app.web.texts import gettext, ngettext
from app.web.typed_forms import TypedForm, attempt, is_ticked, typed_moment

blueprint = Blueprint("webhook_deliveries", __name__, url_prefix="/admin/webhooks/<subscription_id>/deliveries")

KIND_NAMES = {**{kind.key: kind.name for kind in WEBHOOK_KINDS}, TEST: N_("Test event")}
PROBLEMS = {
    "failed": N_("It could not be sent. Ask your administrator to look into the log."),
    "refused": N_("The address may not be reached: its host must be listed and lead to public addresses only."),
    "unknown_host": N_("The name of the host leads nowhere."),
    "no_answer": N_("No connection, or it broke off."),
    "too_slow": N_("No whole answer within ten seconds."),
    "too_large": N_("The answer was larger than one megabyte."),
    "certificate": N_("The certificate of the host is not good: expired, of another name, or of an unknown issuer."),
    "status": N_("The program did not take it; only an answer from 200 to 299 counts."),
}


@blueprint.get("")
@requires(Permission.SET_UP_WEBHOOKS)
def index(subscription_id: str) -> ResponseReturnValue:
    """The events laid out for it, the newest first."""
    return _list_page(_subscription(subscription_id))


@blueprint.get("/<message_id>")
@requires(Permission.SET_UP_WEBHOOKS)
def show(subscription_id: str, message_id: str) -> str:
    """One event: what is sent, and what came of each attempt."""
    subscription = _subscription(subscription_id)
    row = delivery(db.session(), subscription_id, message_id)
    if row is None:
        raise NotFound(N_("This message does not exist, or you may not see it."))
    attempts = attempts_of(db.session(), [message_id]).get(message_id, [])
    document = json.dumps({"id": row.id, **json.loads(row.text)}, ensure_ascii=False, indent=2)
    return render_template(
        "admin/webhook_delivery.html", subscription=subscription, shown=_shown(row, attempts), document=document,
        attempts=[_shown_attempt(one) for one in reversed(attempts)],
    )  # fmt: skip


@blueprint.post("/<message_id>/again")
@requires(Permission.SET_UP_WEBHOOKS)
def again(subscription_id: str, message_id: str) -> ResponseReturnValue:
    """Deliver one once more."""
    replay_delivery(db.session(), subscription_id, message_id, actor=current_actor(), now=current_time())
    flash(gettext("It is sent again."))
    return redirect(url_for("webhook_deliveries.show", subscription_id=subscription_id, message_id=message_id), 303)


@blueprint.post("/again")
@requires(Permission.SET_UP_WEBHOOKS)
def range_again(subscription_id: str) -> ResponseReturnValue:
    """Deliver all of a stretch of time once more."""
    subscription, counted = _subscription(subscription_id), list[int]()

    def replay() -> None:
        wanted = ReplayedRange(_moment("since"), _moment("until"), is_ticked("only_missed"))
        counted.append(replay_range(db.session(), subscription_id, wanted, actor=current_actor(), now=current_time()))

    refusal = attempt(replay)
    if refusal:
        return _list_page(subscription, refusal)
    flash(ngettext("%(num)d event is sent again.", "%(num)d events are sent again.", counted[0]))
    return redirect(url_for("webhook_deliveries.index", subscription_id=subscription_id), 303)


def _subscription(subscription_id: str) -> WebhookSubscription:
    return subscription_for(db.session(), subscription_id, current_actor())


def _moment(name: str) -> datetime:
    moment = typed_moment(name)
    if moment is None:
        refusal = N_("Give a day and a time.")
        raise InvalidInput(refusal, fields={name: refusal})
    return moment


def _list_page(subscription: WebhookSubscription, refusal: AppError | None = None) -> ResponseReturnValue:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = deliveries_page(db.session(), subscription.id, state=state, after=request.args.get("after"))
    attempts = attempts_of(db.session(), [row.id for row in page.rows])
    more = url_for(
        "webhook_deliveries.index", subscription_id=subscription.id, state=state, after=page.next_cursor
    ) if page.next_cursor else ""  # fmt: skip
    form = TypedForm({"only_missed": "yes"}, refusal)
    text = render_template(
        "admin/webhook_deliveries.html", subscription=subscription, more_url=more, form=form, state=state,
        deliveries=[_shown(row, attempts.get(row.id, ())) for row in page.rows],
        states=[("", gettext("All states")), *((key, gettext(STATE_NAMES[key])) for key in STATES)],
    )  # fmt: skip
    return text, form.status


def _shown(row: Any, attempts: Sequence[WebhookAttempt]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.subject,
        "name": gettext(KIND_NAMES.get(row.subject, row.subject)),
        "state": gettext(STATE_NAMES[row.state]),
        "tone": STATE_TONES[row.state],
        "created": past_moment(row.created_at),
        "count": len(attempts),
        "last": _shown_attempt(attempts[-1]) if attempts else None,
    }


def _shown_attempt(attempt: WebhookAttempt) -> dict[str, Any]:
    return {
        "when": past_moment(attempt.at),
        "status": attempt.status,
        "milliseconds": attempt.milliseconds,
        "answer": attempt.answer,
        "problem": gettext(PROBLEMS.get(attempt.problem, PROBLEMS["failed"])) if attempt.problem else "",
        "detail": "" if attempt.problem == "status" else attempt.detail,  # the status has a column
    }
