"""What the pages about substitutes share: rows in words, the form, and what was typed into it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import request

from app.errors import AppError, InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models.display_names import newest_definition_names
from app.models.substitution_list import SubstitutionRow, process_keys
from app.operations.substitution import SubstitutionTerms
from app.web.current import current_person, current_time
from app.web.human_times import day
from app.web.languages import locale
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext
from app.web.typed_forms import TypedForm, is_ticked, typed


@dataclass(frozen=True, slots=True)
class ShownSubstitution:
    """A line of a list; `state` and `tone` as a tag shows them."""

    row: SubstitutionRow
    days: str
    what: str
    state: str
    tone: str
    is_over: bool
    named_by: str


@dataclass(frozen=True, slots=True)
class ProcessChoice:
    """A process to tick."""

    key: str
    name: str


def shown(rows: Sequence[SubstitutionRow]) -> list[ShownSubstitution]:
    """The lines of a list."""
    names = {choice.key: choice.name for choice in process_choices()}
    people = actor_names({person for row in rows for person in (row.named_by, row.ended_by)})
    return [_shown(row, names, people) for row in rows]


def process_choices() -> list[ProcessChoice]:
    """All processes by their names."""
    keys = process_keys(db.session())
    names = newest_definition_names(db.session(), keys)
    return [ProcessChoice(key, names[key].process(locale())) for key in keys]


def posted_terms() -> SubstitutionTerms:
    """What was typed; raises InvalidInput for what is no day."""
    return SubstitutionTerms(
        _day("first_day"),
        _day("last_day"),
        frozenset(request.form.getlist("processes")),
        includes_open=is_ticked("includes_open"),
    )


def new_form(refusal: AppError | None = None) -> TypedForm:
    """The form to name a substitute: from today, everything."""
    today = current_time().astimezone(current_person().zone).date().isoformat()
    return TypedForm({"first_day": today, "last_day": today, "includes_open": "yes"}, refusal)


def change_form(row: SubstitutionRow, refusal: AppError | None = None) -> TypedForm:
    """The form to change one."""
    return TypedForm(
        {
            "first_day": row.first_day.isoformat(),
            "last_day": row.last_day.isoformat(),
            "includes_open": "yes" if row.includes_open else None,
            "processes": list(row.processes),
        },
        refusal,
    )


def tried(action: Callable[[SubstitutionTerms], object]) -> AppError | None:
    """Do it with what was typed; the refusal where something of that is wrong."""
    try:
        action(posted_terms())
    except InvalidInput as refusal:
        db.session.rollback()
        return refusal
    return None


def _day(name: str) -> date:
    try:
        return date.fromisoformat(typed(name))
    except ValueError as error:
        text = N_("Write a day, as in 2026-03-31.")
        raise InvalidInput(text, fields={name: text}) from error


def _shown(row: SubstitutionRow, names: dict[str, str], people: dict[str, str]) -> ShownSubstitution:
    now = current_time()
    first, last = _day_text(row.first_day), _day_text(row.last_day)
    what = ", ".join(names.get(key, key) for key in row.processes) or gettext("Everything")
    if not row.includes_open:
        what = gettext("%(what)s, new work only", what=what)
    state, tone = gettext("from the first day on"), "blue"
    if row.is_in_force(now):
        state, tone = gettext("in force"), "green"
    elif row.is_over(now):
        state = gettext("ended by %(name)s", name=name_of(row.ended_by, people)) if row.ended_by else gettext("over")
        tone = ""
    return ShownSubstitution(
        row, first if first == last else f"{first} – {last}", what, state, tone, row.is_over(now),
        name_of(row.named_by, people),
    )  # fmt: skip


def _day_text(moment: date) -> str:
    return day(datetime(moment.year, moment.month, moment.day, 12, tzinfo=ZoneInfo("UTC")), ZoneInfo("UTC"), locale())
