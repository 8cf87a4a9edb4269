"""Substitutions in words: the lines of a list, and the processes to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.extensions import db
from app.models.display_names import newest_definition_names
from app.models.substitution_list import SubstitutionRow, process_keys
from app.web.current import current_time
from app.web.human_times import day
from app.web.languages import locale
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext


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
