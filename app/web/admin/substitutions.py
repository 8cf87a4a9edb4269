"""Substitutions of a site: all of them to be seen, and named by who leads or administers there."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.people import people_at
from app.models.substitution_list import SubstitutionRow, substitutions_at
from app.operations.substitution import (
    SubstitutionNotFound,
    change_substitution,
    end_substitution,
    name_substitute,
)
from app.web.admin.substitution_pages import change_form, new_form, process_choices, shown, tried
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, is_read_only, requires, sites_with
from app.web.reauthentication import recent_sign_in_required
from app.web.texts import gettext
from app.web.typed_forms import attempt, typed

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
    refusal = tried(
        lambda terms: name_substitute(
            db.session(), typed("principal"), typed("substitute"), terms, reason=typed("reason"),
            actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    if refusal:
        return _page(refusal)
    flash(gettext("The substitute is named. It ends by itself after the last day."))
    return redirect(url_for("site_substitutions.index"), 303)


@blueprint.get("/<substitution_id>")
@requires(Permission.SEE_SUBSTITUTIONS)
def edit(substitution_id: str) -> ResponseReturnValue:
    """Other days, other processes."""
    return _edit_page(_existing(substitution_id))


@blueprint.post("/<substitution_id>")
@requires(Permission.SEE_SUBSTITUTIONS)
@recent_sign_in_required
def change(substitution_id: str) -> ResponseReturnValue:
    """Change somebody's substitution."""
    row = _existing(substitution_id)
    refusal = tried(
        lambda terms: change_substitution(
            db.session(), substitution_id, terms, reason=typed("reason"), actor=current_actor(), now=current_time()
        )
    )
    if refusal:
        return _edit_page(row, refusal)
    flash(gettext("The substitution is changed."))
    return redirect(url_for("site_substitutions.index"), 303)


@blueprint.post("/<substitution_id>/end")
@requires(Permission.SEE_SUBSTITUTIONS)
@recent_sign_in_required
def end(substitution_id: str) -> ResponseReturnValue:
    """End it now."""
    row = _existing(substitution_id)
    refusal = attempt(
        lambda: end_substitution(
            db.session(), substitution_id, reason=typed("reason"), actor=current_actor(), now=current_time()
        )
    )
    if refusal:
        return _edit_page(row, refusal)
    flash(gettext("The substitution is over."))
    return redirect(url_for("site_substitutions.index"), 303)


def _existing(substitution_id: str) -> SubstitutionRow:
    for row in substitutions_at(db.session(), sites_with(current_person(), Permission.SEE_SUBSTITUTIONS)):
        if row.id == substitution_id and not row.is_over(current_time()):
            return row
    raise SubstitutionNotFound


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


def _edit_page(row: SubstitutionRow, refusal: AppError | None = None) -> ResponseReturnValue:
    form = change_form(row, refusal)
    text = render_template(
        "substitutions/edit.html", form=form, row=row, processes=process_choices(), is_own=False,
        action=url_for("site_substitutions.change", substitution_id=row.id), back=url_for("site_substitutions.index"),
        end_url=url_for("site_substitutions.end", substitution_id=row.id),
    )  # fmt: skip
    return text, form.status
