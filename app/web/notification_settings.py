"""The page where a person chooses how to be told."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.i18n import N_
from app.models import User
from app.operations.notification_kinds import MAIL_CHOICES
from app.operations.notification_settings import (
    CHOSEN_KINDS,
    Choice,
    NotificationSettings,
    choose_settings,
    settings_of,
)
from app.web.current import current_actor, current_person
from app.web.permissions import signed_in
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("notification_settings", __name__, url_prefix="/account/notifications")

MAIL_NAMES = {"off": N_("no mail"), "at_once": N_("at once"), "daily": N_("once a day")}


@blueprint.get("")
@signed_in
def form() -> ResponseReturnValue:
    """What is chosen now."""
    return _page(settings_of(db.session(), current_person().id))


@blueprint.post("")
@signed_in
def store() -> ResponseReturnValue:
    """Choose anew."""
    wanted = NotificationSettings(
        {
            kind.key: Choice(is_ticked(f"page-{kind.key}"), typed(f"mail-{kind.key}") or "off")
            for kind in CHOSEN_KINDS
        },
        typed("quiet_from"), typed("quiet_until"), is_ticked("urgent_passes"), typed("daily_at"),
    )  # fmt: skip
    refusal = attempt(lambda: choose_settings(db.session(), wanted, actor=current_actor()))
    return answer_form(
        refusal, gettext("Your choice is kept."), url_for("notification_settings.form"), lambda why: _page(wanted, why)
    )


def _page(settings: NotificationSettings, refusal: AppError | None = None) -> ResponseReturnValue:
    times = {name: getattr(settings, name) for name in ("quiet_from", "quiet_until", "daily_at")}
    shown = TypedForm({**times, "urgent_passes": "yes" if settings.urgent_passes else None}, refusal)
    text = render_template(
        "notifications/settings.html",
        form=shown,
        kinds=[(kind, settings.choices[kind.key]) for kind in CHOSEN_KINDS],
        mail_names=[(key, gettext(MAIL_NAMES[key])) for key in MAIL_CHOICES],
        address=db.session.get_one(User, current_person().id).email,
        zone=current_person().zone.key,
    )
    return text, shown.status
