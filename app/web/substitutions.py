"""Substitutes of one's own: who does my work while I am away, and whose work I do."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.errors import AppError
from app.extensions import db
from app.models.people import people_at
from app.models.substitution_list import SubstitutionRow, substitutions_of
from app.operations.substitution import SubstitutionNotFound
from app.web.current import current_person
from app.web.permissions import Permission, requires
from app.web.substitution_pages import changed, edit_page, ended, named, new_form, not_over
from app.web.substitution_views import process_choices, shown
from app.web.texts import gettext

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
    done = gettext("Your substitute is named. It ends by itself after the last day.")
    return named(current_person().id, done, _page)


@blueprint.get("/<substitution_id>")
@requires(Permission.WORK)
def edit(substitution_id: str) -> ResponseReturnValue:
    """Other days, other processes."""
    return edit_page(_own(substitution_id), is_own=True)


@blueprint.post("/<substitution_id>")
@requires(Permission.WORK)
def change(substitution_id: str) -> ResponseReturnValue:
    """Change one of one's own."""
    row = _own(substitution_id)
    return changed(substitution_id, lambda refusal: edit_page(row, refusal, is_own=True))


@blueprint.post("/<substitution_id>/end")
@requires(Permission.WORK)
def end(substitution_id: str) -> ResponseReturnValue:
    """End it now, as one of the two."""
    if not any(row.id == substitution_id for row in substitutions_of(db.session(), current_person().id)):
        raise SubstitutionNotFound
    return ended(substitution_id, _page)


def _own(substitution_id: str) -> SubstitutionRow:
    person_id = current_person().id
    mine = (row for row in substitutions_of(db.session(), person_id) if row.principal_id == person_id)
    return not_over(mine, substitution_id)


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
