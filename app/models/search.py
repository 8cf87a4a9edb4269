"""Finding cases by words: which piece to begin with, and conditions that lists add to their statements.

Whoever searches adds the rule of `visibility` himself: nothing here knows who asks.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, String, bindparam, func, select
from sqlalchemy.orm import Session

from app.models.prepared import Prepared, places, table_of
from app.models.search_index import SearchCase, SearchEntry
from app.models.search_words import SearchQuery, read_query

# So many entries of a piece are counted: a piece with fewer is rare enough to look at all of its cases.
COUNTED = 500
MOST_PIECES_COUNTED = 16

_ENTRY, _CASE = table_of(SearchEntry), table_of(SearchCase)


@dataclass(frozen=True, slots=True)
class Search:
    """A query that may find something: every case it finds has an entry of `piece`, the rarest of its pieces."""

    words: tuple[str, ...]
    piece: str
    entries: int  # of `piece`, exact below `COUNTED`

    @property
    def is_rare(self) -> bool:
        """Whether few enough cases come into question to look at them all."""
        return self.entries < COUNTED


def begin_search(session: Session, typed: str) -> Search | None:
    """What to look for; None where nothing can be found, because a piece stands nowhere or nothing was asked."""
    query = read_query(typed)
    if query is None:
        return None
    counts = _counted(session, query)
    piece, entries = min(counts.items(), key=lambda item: (item[1], item[0]))
    return Search(query.words, piece, entries) if entries else None


def holds_words(count: int) -> list[ColumnElement[bool]]:
    """That a `SearchCase` holds each of `count` words, whose values are those of `word_values`."""
    return [
        SearchCase.content.like("%" + bindparam(f"word_{number}", type_=String) + "%") for number in range(count)
    ]


def word_values(search: Search) -> dict[str, object]:
    """The values for `holds_words`; words have no sign that LIKE takes for another."""
    return {f"word_{number}": word for number, word in enumerate(search.words)}


def instances_found(session: Session, search: Search) -> list[str]:
    """The ids of all cases found, best first, whoever may see them; for a search that `is_rare`."""
    rows = _found(len(search.words)).rows(session, {"piece": search.piece, **word_values(search)})
    return [instance_id for (instance_id,) in rows]


def _counted(session: Session, query: SearchQuery) -> dict[str, int]:
    # Long pieces first and in a fixed order: which of very many are counted must not depend on chance.
    pieces = sorted(query.pieces, key=lambda piece: (-len(piece), piece))[:MOST_PIECES_COUNTED]
    values = {f"piece_{number}": piece for number, piece in enumerate(pieces)}
    [counts] = _counting(len(pieces)).rows(session, values)
    return dict(zip(pieces, counts, strict=True))


@lru_cache(maxsize=MOST_PIECES_COUNTED)
def _counting(count: int) -> Prepared:
    few = (
        select(_ENTRY.c.recency).where(_ENTRY.c.piece == place).limit(COUNTED).subquery()
        for place in places("piece", count)
    )
    return Prepared(select(*(select(func.count()).select_from(one).scalar_subquery() for one in few)))


@lru_cache(maxsize=16)
def _found(words: int) -> Prepared:
    return Prepared(
        select(_CASE.c.instance_id)
        .join(_ENTRY, _ENTRY.c.recency == _CASE.c.recency)
        .where(_ENTRY.c.piece == bindparam("piece", type_=String), *holds_words(words))
        .order_by(_ENTRY.c.place, _ENTRY.c.recency)
    )
