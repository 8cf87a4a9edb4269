"""Substitutions of a site: all of them to be seen, and named by who leads or administers there."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.people import people_at
from app.models.substitution_list import SubstitutionRow, substitutions_at
from app.web.current import current_person
from app.web.permissions import Permission, is_read_only, requires, sites_with
from app.web.reauthentication import recent_sign_in_required
from app.web.substitution_pages import changed, edit_page, ended, named, new_form, not_over
from app.web.substitution_views import process_choices, shown
from app.web.texts import gettext
from app.web.typed_forms import typed

blueprint = Blueprint("site_substitutions", __name__, url_prefix="/admin/substitutions")


@blueprint.get("")
@requires(Permission.SEE_SUBSTITUTIONS)
def index() -> ResponseReturnValue:
    """Who stands in for whom at the person's sites."""
    return _page()


@blueprint.post("")
@requires(Permission.SEE_SUBSTITUTIONS)
@recent_sign_in_required
def create() -> ResponseReturnValue:
    """Name a substitute for somebody."""
    done = gettext("The substitute is named. It ends by itself after the last day.")
    return named(typed("principal"), done, _page)


@blueprint.get("/<substitution_id>")
@requires(Permission.SEE_SUBSTITUTIONS)
def edit(substitution_id: str) -> ResponseReturnValue:
    """Other days, other processes."""
    return edit_page(_existing(substitution_id), is_own=False)


@blueprint.post("/<substitution_id>")
@requires(Permission.SEE_SUBSTITUTIONS)
@recent_sign_in_required
def change(substitution_id: str) -> ResponseReturnValue:
    """Change somebody's substitution."""
    row = _existing(substitution_id)
    return changed(substitution_id, lambda refusal: edit_page(row, refusal, is_own=False))


@blueprint.post("/<substitution_id>/end")
@requires(Permission.SEE_SUBSTITUTIONS)
@recent_sign_in_required
def end(substitution_id: str) -> ResponseReturnValue:
    """End it now."""
    row = _existing(substitution_id)
    return ended(substitution_id, lambda refusal: edit_page(row, refusal, is_own=False))


def _existing(substitution_id: str) -> SubstitutionRow:
    sites = sites_with(current_person(), Permission.SEE_SUBSTITUTIONS)
    return not_over(substitutions_at(db.session(), sites), substitution_id)


def _page(refusal: AppError | None = None) -> ResponseReturnValue:
    person = current_person()
    sites = sites_with(person, Permission.SEE_SUBSTITUTIONS)
    form = new_form(refusal)
    text = render_template(
        "substitutions/site.html",
        form=form,
        lines=shown(substitutions_at(db.session(), sites)),
        may_name=not is_read_only(person),
        principals=people_at(db.session(), sites),
        people=people_at(db.session(), None),
        processes=process_choices(),
    )
    return text, form.status
