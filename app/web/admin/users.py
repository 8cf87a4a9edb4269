"""The people of the administrator's sites: found, and new ones made."""

from dataclasses import asdict

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.display_names import group_names, site_names
from app.models.people import STATES, PeopleFilter, people_page
from app.operations.passwords import generate_password
from app.operations.users import NewUser, create_user
from app.web.admin.choices import group_choices, language_choices, site_choices
from app.web.admin.reach import my_sites
from app.web.current import current_actor, current_person, current_time
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.searched_words import searched_words
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, attempt, typed

blueprint = Blueprint("users", __name__, url_prefix="/admin/users")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """Who works at the administrator's sites."""
    state = request.args.get("state", "active")
    wanted = PeopleFilter(
        words=searched_words(),
        site_id=request.args.get("site", ""),
        group_id=request.args.get("group", ""),
        state=state if state in STATES else "active",
    )
    page = people_page(db.session(), my_sites(), wanted, after=request.args.get("after"))
    shown = asdict(wanted)
    following = {"q": shown.pop("words"), "site": shown.pop("site_id"), "group": shown.pop("group_id"), **shown}
    return render_template(
        "admin/users.html",
        page=page,
        wanted=wanted,
        sites=site_choices(),
        site_names=site_names(db.session(), my_sites()),
        groups=group_choices(),
        group_names=group_names(
            db.session(), {group for found in page.memberships.values() for group, _ in found}, locale()
        ),
        states=[("active", gettext("Can sign in")), ("disabled", gettext("Disabled")), ("all", gettext("All"))],
        is_filtered=wanted != PeopleFilter(),
        next_url=url_for("users.index", **following, after=page.next_cursor) if page.next_cursor else None,
    )


@blueprint.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    """The form of a new person."""
    return _new_page()


@blueprint.post("")
@requires(Permission.ADMINISTER)
@recent_sign_in_required
def create() -> ResponseReturnValue:
    """Make the user, and show the generated password this once."""
    password = generate_password()
    user_id = typed("id").lower()
    refusal = attempt(
        lambda: create_user(db.session(), _posted_user(user_id), password, actor=current_actor(), now=current_time())
    )
    if refusal:
        return _new_page(refusal)
    return render_template(
        "admin/password_once.html", user_id=user_id, name=typed("display_name"), password=password, is_new=True
    )


def _posted_user(user_id: str) -> NewUser:
    memberships = [member.partition("@") for member in request.form.getlist("member")]
    return NewUser(
        user_id,
        typed("display_name"),
        tuple((group, site) for group, _, site in memberships),
        locale=typed("locale"),
        email=typed("email") or None,
        home_site_id=typed("home_site_id") or None,
    )


def _new_page(refusal: AppError | None = None) -> ResponseReturnValue:
    home = current_person().home_site_id
    form = TypedForm({"home_site_id": home if home in my_sites() else None}, refusal)
    text = render_template(
        "admin/user_new.html", form=form, sites=site_choices(), groups=group_choices(), languages=language_choices()
    )
    return text, form.status
