"""The list of cases a person may see: newest first, by state, process and words, page by page.

Where words are looked for, cases in whose number, phone or plate the rarest of them stands come first, then those
with it in title or name, then the others; the newest first in each.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.models.customer import Customer, Vehicle
from app.models.paging import ListPage, list_page
from app.models.process_instance import ProcessInstance
from app.models.search import Search, begin_search, holds_words, word_values
from app.models.search_index import SearchCase, SearchEntry
from app.models.visibility import is_visible_to

STATES: dict[str, tuple[str, ...]] = {
    "open": ("active", "incident"),
    "incident": ("incident",),
    "completed": ("completed",),
    "cancelled": ("cancelled",),
    "all": (),
}


# In the order of the fields of `CaseRow`.
_COLUMNS = (
    ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.process_key, ProcessInstance.case_number,
    ProcessInstance.title, ProcessInstance.state, ProcessInstance.started_by, ProcessInstance.started_at,
    ProcessInstance.ended_at, ProcessInstance.is_suspended, Customer.name, Vehicle.plate,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked for; `state` is a key of STATES, `words` what a person typed to find cases by."""

    state: str = "open"
    process_key: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What the list shows of a case."""

    id: str
    definition_id: str
    process_key: str
    case_number: str
    title: str
    state: str
    started_by: str
    started_at: datetime
    ended_at: datetime | None
    is_suspended: bool
    customer: str | None
    plate: str | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page; `next_cursor` is what to pass as `after` for the next one, None at the end."""

    rows: tuple[CaseRow, ...]
    next_cursor: str | None


def case_page(
    session: Session,
    user_id: str,
    wanted: CaseFilter,
    *,
    after: str | None = None,
    only: ColumnElement[bool] | None = None,
) -> CasePage:
    """A page of the cases that `user_id` may see. Raises InvalidInput for a cursor that is none.

    Arguments: only, a further condition on `ProcessInstance`, such as that a report counted it.
    """
    query = select(*_COLUMNS).outerjoin(Customer, Customer.id == ProcessInstance.customer_id)
    query = query.outerjoin(Vehicle, Vehicle.id == ProcessInstance.vehicle_id)
    query = query.where(is_visible_to(user_id), *_conditions(wanted))
    if only is not None:
        query = query.where(only)
    if not wanted.words:
        newest = (ProcessInstance.started_at, ProcessInstance.id)
        return _shown(list_page(session, query, newest, after=after, newest_first=True))
    search = begin_search(session, wanted.words)
    if search is None:
        return CasePage((), None)
    return _shown(list_page(session, _holding(query, search), (SearchEntry.place, SearchEntry.recency), after=after))


def _holding(query: Select[*tuple[Any, ...]], search: Search) -> Select[*tuple[Any, ...]]:
    """Along the entries of one piece, which lie in the order of the page, so that reading stops after it."""
    return (
        query.add_columns(SearchEntry.place, SearchEntry.recency)
        .join(SearchCase, SearchCase.instance_id == ProcessInstance.id)
        .join(SearchEntry, SearchEntry.recency == SearchCase.recency)
        .where(SearchEntry.piece == search.piece, *holds_words(len(search.words)))
        .params(word_values(search))
    )


def _shown(page: ListPage) -> CasePage:
    return CasePage(tuple(CaseRow(*row[: len(_COLUMNS)]) for row in page.rows), page.next_cursor)


def readable_process_keys(session: Session, user_id: str) -> list[str]:
    """The processes of which a person may see at least one case."""
    query = select(ProcessInstance.process_key).where(is_visible_to(user_id)).distinct()
    return sorted(session.scalars(query))


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if states := STATES[wanted.state]:
        conditions.append(ProcessInstance.state.in_(states))
    if wanted.process_key:
        conditions.append(ProcessInstance.process_key == wanted.process_key)
    return conditions
