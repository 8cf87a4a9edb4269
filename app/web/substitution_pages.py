"""What the pages about substitutes do alike, whether one's own or a site's: name, change and end, and their forms.

Addresses such as `.index` are those of the blueprint that is asked.
"""

from collections.abc import Callable, Iterable
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models.substitution_list import SubstitutionRow
from app.operations.substitution import (
    SubstitutionNotFound,
    SubstitutionTerms,
    change_substitution,
    end_substitution,
    name_substitute,
)
from app.web.current import current_actor, current_day, current_person, current_time
from app.web.substitution_views import process_choices
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, answer_form, attempt, is_ticked, typed

Page = Callable[[AppError], ResponseReturnValue]


def not_over(rows: Iterable[SubstitutionRow], substitution_id: str) -> SubstitutionRow:
    """The one with this id, which can still be changed. Raises SubstitutionNotFound."""
    for row in rows:
        if row.id == substitution_id and not row.is_over(current_time()):
            return row
    raise SubstitutionNotFound


def named(principal_id: str, done: str, page: Page) -> ResponseReturnValue:
    """Name the substitute that was chosen."""
    refusal = attempt(
        lambda: name_substitute(
            db.session(), principal_id, typed("substitute"), _posted_terms(), reason=typed("reason"),
            actor=current_actor(), now=current_time(),
        )
    )  # fmt: skip
    return answer_form(refusal, done, url_for(".index"), page)


def changed(substitution_id: str, page: Page) -> ResponseReturnValue:
    """Give it the days and processes that were typed."""
    refusal = attempt(
        lambda: change_substitution(
            db.session(), substitution_id, _posted_terms(), reason=typed("reason"), actor=current_actor(),
            now=current_time(),
        )
    )  # fmt: skip
    return answer_form(refusal, gettext("The substitution is changed."), url_for(".index"), page)


def ended(substitution_id: str, page: Page) -> ResponseReturnValue:
    """End it now."""
    refusal = attempt(
        lambda: end_substitution(
            db.session(), substitution_id, reason=typed("reason"), actor=current_actor(), now=current_time()
        )
    )
    return answer_form(refusal, gettext("The substitution is over."), url_for(".index"), page)


def edit_page(row: SubstitutionRow, refusal: AppError | None = None, *, is_own: bool) -> ResponseReturnValue:
    """The form to change one. Arguments: is_own, whether it is reached from one's own page."""
    stored: dict[str, str | list[str] | None] = {
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "includes_open": "yes" if row.includes_open else None,
        "processes": list(row.processes),
    }
    form = TypedForm(stored, refusal)
    text = render_template("substitutions/edit.html", form=form, row=row, processes=process_choices(), is_own=is_own)
    return text, form.status


def new_form(refusal: AppError | None = None) -> TypedForm:
    """The form to name a substitute: from today, everything."""
    today = current_day(current_person().zone).isoformat()
    return TypedForm({"first_day": today, "last_day": today, "includes_open": "yes"}, refusal)


def _posted_terms() -> SubstitutionTerms:
    """What was typed; raises InvalidInput for what is no day."""
    return SubstitutionTerms(
        _day("first_day"),
        _day("last_day"),
        frozenset(request.form.getlist("processes")),
        includes_open=is_ticked("includes_open"),
    )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(typed(name))
    except ValueError as error:
        text = N_("Write a day, as in 2026-03-31.")
        raise InvalidInput(text, fields={name: text}) from error
