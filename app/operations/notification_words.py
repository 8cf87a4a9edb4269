"""A notification in words of the reader's language, for the page and for mail alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from app.i18n import translations
from app.models.display_names import DefinitionNames
from app.operations.actor import SYSTEM
from app.operations.follow_up_occasions import OCCASIONS_BY_ID
from app.operations.notification_kinds import KIND_BY_KEY, NotificationKind

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotificationWords:
    """`title` in one line; `case` the number and title of the case; `note` what the sender added; `who` did it.

    `instance_id` is the case, as far as the reader may see it.
    """

    title: str
    case: str
    note: str
    who: str
    link: str
    instance_id: str | None = None


class _Places(dict[str, str]):
    """Places nobody has filled stay empty: an old notification must not break a new version's page."""

    def __missing__(self, _key: str) -> str:
        return ""


def words_of(
    row: Row[*tuple[Any, ...]], people: Names, definitions: Mapping[str, DefinitionNames], locale: str
) -> NotificationWords:
    """The words of a row of `notification_list`. Arguments: people, display names of actors."""
    kind = KIND_BY_KEY[row.kind]
    places = _Places(json.loads(row.params))
    who = "" if row.actor_id == SYSTEM.user_id else people.get(row.actor_id, row.actor_id)
    places |= {"actor": who, "user_task": _user_task(row, definitions, locale) or places["user_task"]}
    if "clock" in places:
        places["clock"] = _clock(row, places, definitions, locale)
    if "occasion" in places:
        occasion = OCCASIONS_BY_ID[places["occasion"]]
        places["list"] = translations(locale).gettext(occasion.label)
    case = f"{row.case_number} · {row.title}" if row.instance_id else ""
    title = translations(locale).gettext(kind.title) % places
    return NotificationWords(title, case, places["note"], who, _link(row, kind), row.instance_id)


def _user_task(row: Row[*tuple[Any, ...]], definitions: Mapping[str, DefinitionNames], locale: str) -> str:
    if row.user_task_id is None:
        return ""
    names = definitions.get(row.definition_id)
    return names.element(row.element_id, row.user_task_name, locale) if names else str(row.user_task_name)


def _clock(row: Row[*tuple[Any, ...]], places: Names, definitions: Mapping[str, DefinitionNames], locale: str) -> str:
    names, english = definitions.get(row.definition_id), places["clock_name"]
    return names.element(places["clock"], english, locale) if names else english


def _link(row: Row[*tuple[Any, ...]], kind: NotificationKind) -> str:
    """Where to go on: the user task, the case, or what the kind is about."""
    if row.user_task_id:
        return f"/user-tasks/{row.user_task_id}"
    if row.instance_id:
        return f"/cases/{row.instance_id}"
    return kind.place
