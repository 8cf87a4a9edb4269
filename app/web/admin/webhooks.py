"""Webhooks: other programs that are told of events of a site, for its process owners and administrators."""

import json
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.connectors.outgoing_guard import OutgoingGuard
from app.errors import AppError
from app.extensions import db
from app.models import WebhookSubscription
from app.models.display_names import site_names
from app.models.webhook_deliveries import subscriptions_at
from app.operations.webhook_kinds import WEBHOOK_KINDS
from app.operations.webhook_replay import send_test_event
from app.operations.webhook_subscriptions import (
    OLD_SECRET_KEPT,
    PURPOSE,
    WantedSubscription,
    change_subscription,
    create_subscription,
    replace_secret,
    subscription_for,
)
from app.web.admin.reach import has_company
from app.web.current import current_actor, current_person, current_time, session_time
from app.web.past_moments import past_moment
from app.web.permissions import Permission, requires, sites_with
from app.web.reauthentication import recent_sign_in_required
from app.web.sealing import sealed_secrets
from app.web.substitution_views import process_choices
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")

GUARD = "outgoing_guard"


@blueprint.get("")
@requires(Permission.SET_UP_WEBHOOKS)
def index() -> str:
    """All that the person may look after."""
    rows = subscriptions_at(db.session(), _my_sites(), has_company=has_company())
    return render_template("admin/webhooks.html", subscriptions=rows, sites=dict(_sites()))


@blueprint.get("/new")
@requires(Permission.SET_UP_WEBHOOKS)
def new() -> ResponseReturnValue:
    """The form of a new one."""
    return _page(None)


@blueprint.post("")
@requires(Permission.SET_UP_WEBHOOKS)
@recent_sign_in_required
def create() -> ResponseReturnValue:
    """Add one and show its secret, once."""
    made: list[str] = []
    refusal = attempt(
        lambda: made.extend(
            create_subscription(
                db.session(), _wanted(typed("site_id") or None), guard=_guard(), sealed=sealed_secrets(PURPOSE),
                actor=current_actor(), now=current_time(),
            )
        )
    )  # fmt: skip
    return _page(None, refusal) if refusal else _secret_once(made[0], typed("name"), made[1])


@blueprint.get("/<subscription_id>")
@requires(Permission.SET_UP_WEBHOOKS)
def show(subscription_id: str) -> ResponseReturnValue:
    """One of them; what was delivered has a page of its own."""
    return _page(_existing(subscription_id))


@blueprint.post("/<subscription_id>")
@requires(Permission.SET_UP_WEBHOOKS)
@recent_sign_in_required
def change(subscription_id: str) -> ResponseReturnValue:
    """Change it, pause it, or let it go on."""
    row = _existing(subscription_id)
    refusal = attempt(
        lambda: change_subscription(
            db.session(), subscription_id, _wanted(row.site_id), is_active=is_ticked("is_active"), guard=_guard(),
            actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    return answer_form(
        refusal, gettext("The webhook is changed."), url_for("webhooks.show", subscription_id=subscription_id),
        lambda why: _page(_existing(subscription_id), why),
    )  # fmt: skip


@blueprint.post("/<subscription_id>/secret")
@requires(Permission.SET_UP_WEBHOOKS)
@recent_sign_in_required
def new_secret(subscription_id: str) -> ResponseReturnValue:
    """Give it another secret and show it, once."""
    row = _existing(subscription_id)
    secret = replace_secret(
        db.session(), subscription_id, old_until=session_time() + OLD_SECRET_KEPT if is_ticked("is_old_kept") else None,
        sealed=sealed_secrets(PURPOSE), actor=current_actor(), now=current_time(),
    )  # fmt: skip
    return _secret_once(subscription_id, row.name, secret)


@blueprint.post("/<subscription_id>/test")
@requires(Permission.SET_UP_WEBHOOKS)
def send_test(subscription_id: str) -> ResponseReturnValue:
    """Send an event that says nothing but that it is a test."""
    message_id = send_test_event(db.session(), subscription_id, actor=current_actor(), now=current_time())
    flash(gettext("A test event is on its way."))
    place = url_for("webhook_deliveries.show", subscription_id=subscription_id, message_id=message_id)
    return redirect(place, 303)


def _existing(subscription_id: str) -> WebhookSubscription:
    return subscription_for(db.session(), subscription_id, current_actor())


def _secret_once(subscription_id: str, name: str, secret: str) -> str:
    return render_template("admin/webhook_once.html", subscription_id=subscription_id, secret=secret, name=name)


def _wanted(site_id: str | None) -> WantedSubscription:
    form, known = TypedForm(), {choice.key for choice in process_choices()}
    processes = [key for key in form.chosen("process_keys") if key in known]
    return WantedSubscription(typed("name"), typed("address"), site_id, form.chosen("kinds"), processes)


def _guard() -> OutgoingGuard:
    return cast(OutgoingGuard, current_app.extensions[GUARD])


def _my_sites() -> frozenset[str]:
    return sites_with(current_person(), Permission.SET_UP_WEBHOOKS)


def _sites() -> list[tuple[str, str]]:
    mine = sorted(site_names(db.session(), _my_sites()).items(), key=lambda choice: choice[1])
    return [("", gettext("All sites")), *mine] if has_company() else mine


def _page(row: WebhookSubscription | None, refusal: AppError | None = None) -> ResponseReturnValue:
    stored: dict[str, str | list[str] | None] = {"is_active": "yes"}
    if row is not None:
        stored = {
            "name": row.name, "address": row.address, "kinds": json.loads(row.kinds),
            "process_keys": json.loads(row.process_keys), "is_active": "yes" if row.is_active else None,
        }  # fmt: skip
    form = TypedForm(stored, refusal)
    old_until = row.previous_until if row else None
    kinds = [(kind.key, gettext(kind.name)) for kind in WEBHOOK_KINDS]
    is_old_good = old_until is not None and old_until > session_time()
    text = render_template(
        "admin/webhook.html", row=row, form=form, kinds=kinds, sites=_sites(), processes=process_choices(),
        old_until=past_moment(old_until) if old_until and is_old_good else None,
        stopped=past_moment(row.stopped_at) if row and row.stopped_at else None,
        failing=past_moment(row.failing_since) if row and row.failing_since else None,
    )  # fmt: skip
    return text, form.status
