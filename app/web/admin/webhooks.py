"""Webhooks: other programs that are told of events, with what was delivered."""

import json
from typing import cast

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import false, or_, select

from app.connectors.outgoing_guard import OutgoingGuard
from app.errors import AppError
from app.extensions import db
from app.models import WebhookSubscription
from app.operations.webhook_kinds import WEBHOOK_KINDS
from app.operations.webhook_subscriptions import (
    PURPOSE,
    WantedSubscription,
    change_subscription,
    create_subscription,
    subscription_for,
)
from app.web.admin.choices import site_choices
from app.web.admin.reach import has_company, my_sites
from app.web.current import current_actor, current_time
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.sealing import sealed_secrets
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("webhooks", __name__, url_prefix="/admin/webhooks")

GUARD = "outgoing_guard"


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """All that the person may administer."""
    is_of_company = WebhookSubscription.site_id.is_(None) if has_company() else false()
    may_see = or_(WebhookSubscription.site_id.in_(my_sites()), is_of_company)
    rows = db.session.scalars(select(WebhookSubscription).where(may_see).order_by(WebhookSubscription.name)).all()
    return render_template("admin/webhooks.html", subscriptions=rows, sites=dict(_sites()))


@blueprint.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    """The form of a new one."""
    return _page(None)


@blueprint.post("")
@requires(Permission.ADMINISTER)
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
    if refusal:
        return _page(None, refusal)
    return render_template("admin/webhook_once.html", subscription_id=made[0], secret=made[1], name=typed("name"))


@blueprint.get("/<subscription_id>")
@requires(Permission.ADMINISTER)
def show(subscription_id: str) -> ResponseReturnValue:
    """One of them; what was delivered is in the outbox."""
    return _page(subscription_for(db.session(), subscription_id, current_actor()))


@blueprint.post("/<subscription_id>")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def change(subscription_id: str) -> ResponseReturnValue:
    """Change it, or let it rest."""
    row = subscription_for(db.session(), subscription_id, current_actor())
    refusal = attempt(
        lambda: change_subscription(
            db.session(), subscription_id, _wanted(row.site_id), is_active=is_ticked("is_active"), guard=_guard(),
            actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    return answer_form(
        refusal, gettext("The webhook is changed."), url_for("webhooks.show", subscription_id=subscription_id),
        lambda why: _page(subscription_for(db.session(), subscription_id, current_actor()), why),
    )  # fmt: skip


def _wanted(site_id: str | None) -> WantedSubscription:
    return WantedSubscription(typed("name"), typed("address"), site_id, TypedForm().chosen("kinds"))


def _guard() -> OutgoingGuard:
    return cast(OutgoingGuard, current_app.extensions[GUARD])


def _sites() -> list[tuple[str, str]]:
    return [("", gettext("All sites")), *site_choices()] if has_company() else site_choices()


def _page(row: WebhookSubscription | None, refusal: AppError | None = None) -> ResponseReturnValue:
    stored: dict[str, str | list[str] | None] = {"is_active": "yes"}
    if row is not None:
        stored = {
            "name": row.name, "address": row.address, "kinds": json.loads(row.kinds),
            "is_active": "yes" if row.is_active else None,
        }  # fmt: skip
    form = TypedForm(stored, refusal)
    kinds = [(kind.key, gettext(kind.name)) for kind in WEBHOOK_KINDS]
    text = render_template("admin/webhook.html", row=row, form=form, kinds=kinds, sites=_sites())
    return text, form.status
