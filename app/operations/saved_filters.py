"""Filters of user tasks that programs keep for a person under a name: made, changed, thrown away."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import SavedFilter, User
from app.models.saved_filter import saved_filters_count
from app.operations.actor import Actor
from app.operations.users import record_of_user

MOST = 200
LONGEST_NAME = 120
LARGEST = 20_000  # characters of JSON
# A shorter part of somebody's name or number may be anybody's.
SHORTEST_PART, SHORTEST_ASCII_PART = 2, 4


class FilterNotFound(NotFound):
    """There is no such filter, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(N_("This filter does not exist (any more)."))


class TooManyFilters(Conflict):
    """A person has as many filters as anybody needs; one has to go first."""


class ViewOfInbox(Conflict):
    """A program would change what a person saved in the inbox."""


@dataclass(frozen=True, slots=True)
class FilterContent:
    """What a person keeps: a name, the query, and how programs show what it finds."""

    name: str
    query: Mapping[str, Any]
    properties: Mapping[str, Any]


def save_filter(session: Session, content: FilterContent, *, actor: Actor, now: datetime) -> str:
    """Save a new filter of who acts; returns its id. Raises InvalidInput, TooManyFilters."""
    refuse_too_many(session, actor)
    filter_id = new_id()
    session.add(SavedFilter(id=filter_id, owner_id=actor.user_id, saved_at=now, **_columns(content)))
    session.flush()
    record_of_user(session, "filter_saved", actor.user_id, actor, now, filter=filter_id)
    return filter_id


def change_filter(session: Session, filter_id: str, content: FilterContent, *, actor: Actor, now: datetime) -> None:
    """Give one of one's own filters another content. Raises FilterNotFound, ViewOfInbox, InvalidInput."""
    found = _own(session, filter_id, actor)
    for name, value in _columns(content).items():
        setattr(found, name, value)
    found.saved_at = now
    record_of_user(session, "filter_saved", actor.user_id, actor, now, filter=filter_id)


def delete_filter(session: Session, filter_id: str, *, actor: Actor, now: datetime) -> None:
    """Throw one of one's own filters away. Raises FilterNotFound, ViewOfInbox."""
    session.delete(_own(session, filter_id, actor))
    record_of_user(session, "filter_deleted", actor.user_id, actor, now, filter=filter_id)


def refuse_too_many(session: Session, actor: Actor) -> None:
    """Raise TooManyFilters where who acts has as many as anybody may, views of the inbox among them."""
    if saved_filters_count(session, actor.user_id) >= MOST:
        raise TooManyFilters(N_("You have %(count)s filters, which is the most. Delete one first."), count=MOST)


def forget_filter(session: Session, found: SavedFilter) -> None:
    """Delete one; nobody begins with it any more."""
    session.execute(update(User).where(User.start_filter_id == found.id).values(start_filter_id=None))
    session.delete(found)
    session.flush()


def forget_filters_naming(session: Session, texts: Collection[str]) -> None:
    """Delete all in which one of these names or numbers stands, or in whose search a part of one does."""
    wanted = {text.casefold() for text in texts if len(text) >= SHORTEST_PART}
    if not wanted:
        return
    for found in session.scalars(select(SavedFilter)):
        if _names(found, wanted):
            forget_filter(session, found)


def _names(found: SavedFilter, wanted: Collection[str]) -> bool:
    kept = f"{found.name}\n{found.search}\n{found.query}\n{found.properties}".casefold()
    words = found.search.casefold().replace('"', " ").replace("“", " ").replace("”", " ").split()
    parts = [word for word in words if len(word) >= (SHORTEST_ASCII_PART if word.isascii() else SHORTEST_PART)]
    return any(text in kept or any(part in text for part in parts) for text in wanted)


def checked_name(name: str) -> str:
    """The name of a filter or a view without blanks around it. Raises InvalidInput."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        text = N_("Give it a name of 1 to 120 characters.")
        raise InvalidInput(text, fields={"name": text})
    return name.strip()


def _own(session: Session, filter_id: str, actor: Actor) -> SavedFilter:
    statement = select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.owner_id == actor.user_id)
    found = session.scalars(statement.with_for_update()).one_or_none()
    if found is None:
        raise FilterNotFound
    if found.view is not None:
        raise ViewOfInbox(N_("This filter is a view of the inbox: change it there."))
    return found


def _columns(content: FilterContent) -> dict[str, str]:
    name = checked_name(content.name)
    query, properties = (
        json.dumps(part, ensure_ascii=False, default=str) for part in (content.query, content.properties)
    )
    if len(query) + len(properties) > LARGEST:
        text = N_("This filter is too large: 20,000 characters at most.")
        raise InvalidInput(text, fields={"query": text})
    return {"name": name, "query": query, "properties": properties}
