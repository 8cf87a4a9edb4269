"""The page of one person: account, groups, password, second factor, and whether the person may sign in."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models import User
from app.models.people import departments_of_person
from app.operations.administration import sites_of_account
from app.operations.departments import set_departments
from app.operations.memberships import GroupAtSite, change_memberships, memberships_of
from app.operations.passwords import generate_password
from app.operations.reasons import stated_reason
from app.operations.second_factor import has_second_factor
from app.operations.user_accounts import change_account, disable_user, enable_user, reset_second_factor
from app.operations.users import set_password
from app.web.admin.choices import department_choices, group_choices, language_choices, site_choices
from app.web.admin.reach import my_sites, person_at_my_sites
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, typed

blueprint = Blueprint("user_page", __name__, url_prefix="/admin/users/<user_id>")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def show(user_id: str) -> ResponseReturnValue:
    """Everything an administrator may know of a person."""
    return _page(person_at_my_sites(user_id))


@blueprint.post("")
@requires(Permission.ADMINISTER)
@recent_sign_in_required  # mail for a forgotten password goes to the address
def change(user_id: str) -> ResponseReturnValue:
    """Change the account."""

    def action() -> None:
        actor, now = current_actor(), current_time()
        change_account(
            db.session(), user_id, display_name=typed("display_name"), email=typed("email"), locale=typed("locale"),
            home_site_id=typed("home_site_id") or None, actor=actor, now=now,
        )  # fmt: skip
        set_departments(db.session(), user_id, request.form.getlist("department"), actor=actor, now=now)

    return _answer(user_id, "account", action, gettext("The account is changed."))


@blueprint.post("/groups")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def groups(user_id: str) -> ResponseReturnValue:
    """Put the person into groups, take the person out of others."""
    ticked, seen = _posted("member"), _posted("seen")

    def action() -> None:
        change_memberships(
            db.session(), user_id, added=ticked - seen, removed=seen - ticked, reason=typed("reason"),
            actor=current_actor(), now=current_time(),
        )  # fmt: skip

    return _answer(user_id, "groups", action, gettext("The groups are changed. They count at once."))


@blueprint.post("/state")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def state(user_id: str) -> ResponseReturnValue:
    """Let the person sign in no more, or again."""
    is_disabling = person_at_my_sites(user_id).is_active

    def action() -> None:
        change = disable_user if is_disabling else enable_user
        change(db.session(), user_id, reason=stated_reason(typed("reason")), actor=current_actor(), now=current_time())

    done = gettext("The person can no longer sign in.") if is_disabling else gettext("The person can sign in again.")
    return _answer(user_id, "state", action, done)


@blueprint.post("/password")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def password(user_id: str) -> ResponseReturnValue:
    """Give a new password, shown this once."""
    user = person_at_my_sites(user_id)
    generated, name = generate_password(), user.display_name
    set_password(db.session(), user_id, generated, actor=current_actor(), now=current_time())
    return render_template("admin/password_once.html", user_id=user_id, name=name, password=generated, is_new=False)


@blueprint.post("/second-factor")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def second_factor(user_id: str) -> ResponseReturnValue:
    """The person has lost phone and recovery codes: take the authenticator away and end all sessions."""

    def action() -> None:
        reset_second_factor(
            db.session(), user_id, reason=stated_reason(typed("reason")), actor=current_actor(), now=current_time()
        )

    return _answer(user_id, "second_factor", action, gettext("The authenticator is removed."))


def _answer(user_id: str, form: str, action: Callable[[], None], done: str) -> ResponseReturnValue:
    person_at_my_sites(user_id)
    refusal = attempt(action)
    return answer_form(
        refusal, done, url_for("user_page.show", user_id=user_id),
        lambda why: _page(person_at_my_sites(user_id), form, why),
    )  # fmt: skip


def _posted(name: str) -> frozenset[GroupAtSite]:
    parts = (text.partition("@") for text in request.form.getlist(name))
    return frozenset((group, site) for group, _, site in parts)


def _page(user: User, posted: str = "", refusal: AppError | None = None) -> ResponseReturnValue:
    sites = my_sites()
    seen = sorted(f"{group}@{site}" for group, site in memberships_of(db.session(), user.id) if site in sites)
    departments = department_choices(sites)
    account: dict[str, Any] = {
        "display_name": user.display_name, "email": user.email, "locale": user.locale,
        "home_site_id": user.home_site_id, "department": departments_of_person(db.session(), user.id),
    }  # fmt: skip
    stored: dict[str, dict[str, Any]] = {
        "account": account,
        "groups": {"member": seen},
        "state": {},
        "second_factor": {},
    }
    forms = {
        name: TypedForm(values, refusal if name == posted else None, is_posted=name == posted)
        for name, values in stored.items()
    }
    text = render_template(
        "admin/user.html",
        user=user, forms=forms, seen=seen, sites=site_choices(), groups=group_choices(), languages=language_choices(),
        departments=departments, has_second_factor=has_second_factor(db.session(), user.id),
        may_change_account=sites_of_account(db.session(), user) <= sites, is_oneself=user.id == current_person().id,
    )  # fmt: skip
    return text, refusal.http_status if refusal else 200
