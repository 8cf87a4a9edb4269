"""What a site sets for its plan of follow-ups."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models import Site
from app.operations.follow_up_settings import PlanSettings, change_plan_settings, plan_settings
from app.web.current import current_actor, current_person, current_time
from app.web.follow_ups.shown import chosen_site, plan_sites
from app.web.permissions import Permission, permissions_of, requires
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("plan_settings", __name__, url_prefix="/plan/settings")


@blueprint.get("")
@requires(Permission.SET_PLAN)
def show() -> ResponseReturnValue:
    """The settings of a site."""
    return _page(chosen_site(Permission.SET_PLAN))


@blueprint.post("")
@requires(Permission.SET_PLAN)
def change() -> ResponseReturnValue:
    """Change them."""
    site = chosen_site(Permission.SET_PLAN)
    refusal = attempt(
        lambda: change_plan_settings(
            db.session(), site.id, _typed_settings(), actor=current_actor(), now=current_time()
        )
    )
    done = gettext("The settings are changed. What is planned already stays until it is spread again.")
    return answer_form(refusal, done, url_for("plan_settings.show", site=site.id), lambda why: _page(site, why))


def _typed_settings() -> PlanSettings:
    return PlanSettings(
        int(_number("most_calls_a_day")), int(_number("lost_after_months")), int(_number("sample_size")),
        _number("high_value_from"), int(_number("lists_due_day")),
    )  # fmt: skip


def _number(name: str) -> Decimal:
    refusal = N_("Type a number.")
    try:
        number = Decimal(typed(name))
    except InvalidOperation as error:
        raise InvalidInput(refusal, fields={name: refusal}) from error
    if not number.is_finite():
        raise InvalidInput(refusal, fields={name: refusal})
    return number


def _page(site: Site, refusal: AppError | None = None) -> ResponseReturnValue:
    stored = {
        name: f"{value:f}" if isinstance(value, Decimal) else str(value)
        for name, value in asdict(plan_settings(db.session(), site.id)).items()
    }
    form = TypedForm(stored, refusal)
    text = render_template(
        "plan/settings.html", site=site, form=form, sites=plan_sites(Permission.SET_PLAN),
        may_use_lists=Permission.USE_LISTS in permissions_of(current_person()),
    )  # fmt: skip
    return text, form.status
