"""Groups: their names, who is in them, and who must have a second factor."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, NotFound
from app.extensions import db
from app.i18n import N_
from app.models import Group
from app.models.group_members import groups_with_counts, members_of
from app.operations.groups import change_group, create_group
from app.web.admin.choices import own_name
from app.web.admin.reach import has_company, my_sites
from app.web.current import current_actor, current_time
from app.web.languages import locale
from app.web.permissions import Permission, requires
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

blueprint = Blueprint("groups", __name__, url_prefix="/admin/groups")


@blueprint.get("")
@requires(Permission.ADMINISTER)
def index() -> str:
    """All groups."""
    groups = sorted(groups_with_counts(db.session(), my_sites()), key=lambda group: group.name(locale()))
    return render_template("admin/groups.html", groups=groups, locale_name=locale(), may_change=has_company())


@blueprint.get("/new")
@requires(Permission.ADMINISTER)
def new() -> ResponseReturnValue:
    """The form of a new group."""
    return _new_page()


@blueprint.post("")
@requires(Permission.ADMINISTER)
def create() -> ResponseReturnValue:
    """Add a group."""
    refusal = attempt(
        lambda: create_group(
            db.session(), typed("id"), name_zh=typed("name_zh"), name_en=typed("name_en"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    done = gettext("The group is there. Put people into it on their pages.")
    return answer_form(refusal, done, url_for("groups.show", group_id=typed("id")), _new_page)


@blueprint.get("/<group_id>")
@requires(Permission.ADMINISTER)
def show(group_id: str) -> ResponseReturnValue:
    """A group and who is in it."""
    return _page(_existing(group_id))


@blueprint.post("/<group_id>")
@requires(Permission.ADMINISTER)
@recent_sign_in_required  # it says who must have a second factor
def change(group_id: str) -> ResponseReturnValue:
    """Change names and the demand of a second factor."""
    refusal = attempt(
        lambda: change_group(
            db.session(), group_id, name_zh=typed("name_zh"), name_en=typed("name_en"),
            is_second_factor_required=is_ticked("requires_second_factor"), actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    return answer_form(
        refusal, gettext("The group is changed."), url_for("groups.show", group_id=group_id),
        lambda why: _page(_existing(group_id), why),
    )  # fmt: skip


def _existing(group_id: str) -> Group:
    group = db.session.get(Group, group_id)
    if group is None:
        raise NotFound(N_("There is no group “%(group_id)s”."), group_id=group_id)
    return group


def _new_page(refusal: AppError | None = None) -> ResponseReturnValue:
    form = TypedForm(refusal=refusal)
    return render_template("admin/group_new.html", form=form, may_change=has_company()), form.status


def _page(group: Group, refusal: AppError | None = None) -> ResponseReturnValue:
    stored: dict[str, Any] = {
        "name_zh": group.name_zh, "name_en": group.name_en,
        "requires_second_factor": "yes" if group.requires_second_factor else None,
    }  # fmt: skip
    form = TypedForm(stored, refusal)
    members = members_of(db.session(), group.id, my_sites())
    text = render_template(
        "admin/group.html", group=group, name=own_name(group), members=members, form=form, may_change=has_company()
    )
    return text, form.status
