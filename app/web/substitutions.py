"""Substitutes of one's own: who does my work while I am away, and whose work I do."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.people import people_at
from app.models.substitution_list import SubstitutionRow, substitutions_of
from app.operations.substitution import (
    SubstitutionNotFound,
    change_substitution,
    end_substitution,
    name_substitute,
)
from app.web.admin.substitution_pages import change_form, new_form, process_choices, shown, tried
from app.web.current import current_actor, current_person, current_time
from app.web.permissions import Permission, requires
from app.web.texts import gettext
from app.web.typed_forms import attempt, typed

blueprint = Blueprint("substitutions", __name__, url_prefix="/account/substitutes")


@blueprint.get("")
@requires(Permission.WORK)
def index() -> ResponseReturnValue:
    """Both sides of it, with the form to name somebody."""
    return _page()


@blueprint.post("")
@requires(Permission.WORK)
def create() -> ResponseReturnValue:
    """Name a substitute for one's own work."""
    refusal = tried(
        lambda terms: name_substitute(
            db.session(), current_person().id, typed("substitute"), terms, reason=typed("reason"),
            actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    if refusal:
        return _page(refusal)
    flash(gettext("Your substitute is named. It ends by itself after the last day."))
    return redirect(url_for("substitutions.index"), 303)


@blueprint.get("/<substitution_id>")
@requires(Permission.WORK)
def edit(substitution_id: str) -> ResponseReturnValue:
    """Other days, other processes."""
    return _edit_page(_own(substitution_id))


@blueprint.post("/<substitution_id>")
@requires(Permission.WORK)
def change(substitution_id: str) -> ResponseReturnValue:
    """Change one of one's own."""
    row = _own(substitution_id)
    refusal = tried(
        lambda terms: change_substitution(
            db.session(), substitution_id, terms, reason=typed("reason"), actor=current_actor(), now=current_time()
        )
    )
    if refusal:
        return _edit_page(row, refusal)
    flash(gettext("The substitution is changed."))
    return redirect(url_for("substitutions.index"), 303)


@blueprint.post("/<substitution_id>/end")
@requires(Permission.WORK)
def end(substitution_id: str) -> ResponseReturnValue:
    """End it now, as one of the two."""
    if not any(row.id == substitution_id for row in substitutions_of(db.session(), current_person().id)):
        raise SubstitutionNotFound
    refusal = attempt(
        lambda: end_substitution(db.session(), substitution_id, actor=current_actor(), now=current_time())
    )
    if refusal:
        return _page(refusal)
    flash(gettext("The substitution is over."))
    return redirect(url_for("substitutions.index"), 303)


def _own(substitution_id: str) -> SubstitutionRow:
    person_id, now = current_person().id, current_time()
    for row in substitutions_of(db.session(), person_id):
        if row.id == substitution_id and row.principal_id == person_id and not row.is_over(now):
            return row
    raise SubstitutionNotFound


def _page(refusal: AppError | None = None) -> ResponseReturnValue:
    person = current_person()
    rows = shown(substitutions_of(db.session(), person.id))
    people = people_at(db.session(), {site for _, site in person.memberships})
    form = new_form(refusal)
    text = render_template(
        "substitutions/mine.html",
        form=form,
        mine=[line for line in rows if line.row.principal_id == person.id],
        others=[line for line in rows if line.row.substitute_id == person.id],
        people=[(user_id, name) for user_id, name in people if user_id != person.id],
        processes=process_choices(),
    )
    return text, form.status


def _edit_page(row: SubstitutionRow, refusal: AppError | None = None) -> ResponseReturnValue:
    form = change_form(row, refusal)
    text = render_template(
        "substitutions/edit.html", form=form, row=row, processes=process_choices(), is_own=True,
        action=url_for("substitutions.change", substitution_id=row.id), back=url_for("substitutions.index"),
    )  # fmt: skip
    return text, form.status
