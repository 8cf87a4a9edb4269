"""Filters of user tasks that a person keeps under a name: made, changed, thrown away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Conflict, InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import SavedFilter
from app.models.saved_filter import saved_filters_count
from app.operations.actor import Actor
from app.operations.users import record_of_user

MOST = 200
LONGEST_NAME = 120
LARGEST = 20_000  # characters of JSON


class FilterNotFound(NotFound):
    """There is no such filter, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(N_("This filter does not exist (any more)."))


class TooManyFilters(Conflict):
    """A person has as many filters as anybody needs; one has to go first."""


@dataclass(frozen=True, slots=True)
class FilterContent:
    """What a person keeps: a name, the query, and how programs show what it finds."""

    name: str
    query: Mapping[str, Any]
    properties: Mapping[str, Any]


def save_filter(session: Session, content: FilterContent, *, actor: Actor, now: datetime) -> str:
    """Save a new filter of who acts; returns its id. Raises InvalidInput, TooManyFilters."""
    if saved_filters_count(session, actor.user_id) >= MOST:
        raise TooManyFilters(N_("You have %(count)s filters, which is the most. Delete one first."), count=MOST)
    filter_id = new_id()
    session.add(SavedFilter(id=filter_id, owner_id=actor.user_id, saved_at=now, **_columns(content)))
    session.flush()
    record_of_user(session, "filter_saved", actor.user_id, actor, now, filter=filter_id)
    return filter_id


def change_filter(session: Session, filter_id: str, content: FilterContent, *, actor: Actor, now: datetime) -> None:
    """Give one of one's own filters another content. Raises FilterNotFound, InvalidInput."""
    found = _own(session, filter_id, actor)
    for name, value in _columns(content).items():
        setattr(found, name, value)
    found.saved_at = now
    record_of_user(session, "filter_saved", actor.user_id, actor, now, filter=filter_id)


def delete_filter(session: Session, filter_id: str, *, actor: Actor, now: datetime) -> None:
    """Throw one of one's own filters away. Raises FilterNotFound."""
    session.delete(_own(session, filter_id, actor))
    record_of_user(session, "filter_deleted", actor.user_id, actor, now, filter=filter_id)


def _own(session: Session, filter_id: str, actor: Actor) -> SavedFilter:
    statement = select(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.owner_id == actor.user_id)
    found = session.scalars(statement.with_for_update()).one_or_none()
    if found is None:
        raise FilterNotFound
    return found


def _columns(content: FilterContent) -> dict[str, str]:
    name = content.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        text = N_("Give the filter a name of at most 120 characters.")
        raise InvalidInput(text, fields={"name": text})
    query, properties = (
        json.dumps(part, ensure_ascii=False, default=str) for part in (content.query, content.properties)
    )
    if len(query) + len(properties) > LARGEST:
        text = N_("This filter is too large: 20,000 characters at most.")
        raise InvalidInput(text, fields={"query": text})
    return {"name": name, "query": query, "properties": properties}
