"""The search index is a projection: it follows the sealed history and looks up what it then finds in the tables.

A step writes nothing for it and so costs nothing; what happened is found a second or two later. The sealed history
has every event once, in an order that holds for all transactions, so that none is missed. Whoever adds a kind of text
gives it a statement in `models/search_texts.py` and records an event of the case, nothing else.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.models import ProcessInstance, SearchCase, SearchEntry
from app.models.feed_position import SEARCH, SEARCH_RULES
from app.models.prepared import Prepared, run, table_of
from app.models.search_index import PART
from app.models.search_texts import CaseTexts, texts_of_cases
from app.models.search_words import RULES_VERSION, pieces_of
from app.operations.history import customer_stream
from app.operations.history_feed import (
    SealedEvent,
    follow,
    has_sealed_since,
    locked_position,
    move_position,
    newest_position,
    position_of,
)
from app.operations.rows import Row, insert_rows

# Cases in one transaction: on SQLite everybody who writes waits for it.
MOST_CASES = 20
MOST_EVENTS = 1_000
WITH_SINGLE_SIGNS = (True, True, False)  # by place: single Chinese signs are looked for in names and titles only
_CASE, _ENTRY = table_of(SearchCase), table_of(SearchEntry)
_CUSTOMER = customer_stream("")
# By the whole key: a common piece has an entry for every case.
_DELETE_ENTRY = Prepared(
    delete(_ENTRY).where(*(_ENTRY.c[name] == bindparam(name) for name in ("piece", "place", "recency")))
)

Pieces = frozenset[tuple[str, int]]


def has_history_to_follow(session: Session, _now: datetime) -> bool:
    """Whether something was sealed since the last time, or the rules have changed; only reads."""
    return not _has_present_rules(session) or has_sealed_since(session, SEARCH)


def follow_history(session: Session, _now: datetime) -> int:
    """Bring the index up to what was sealed since, a few cases at a time; returns how many events were followed."""
    locked_position(session, SEARCH)
    if not _has_present_rules(session):
        empty_index(session)
    return follow(session, SEARCH, _index_changed, most=MOST_EVENTS)


def _has_present_rules(session: Session) -> bool:
    """An index of other rules is made anew."""
    return position_of(session, SEARCH_RULES) == str(RULES_VERSION)


def _index_changed(session: Session, events: Sequence[SealedEvent]) -> int:
    """Index the cases of as many events as are done with few cases; returns how many events."""
    changed: dict[str, None] = {}
    taken = 0
    for event in events:
        cases = [event.instance_id] if event.instance_id else _cases_of_customer(session, event.stream)
        if changed and len(changed.keys() | set(cases)) > MOST_CASES:
            break
        changed |= dict.fromkeys(cases)
        taken += 1
    index_cases(session, changed)
    return taken


def index_cases(session: Session, instance_ids: Collection[str]) -> int:
    """Write what is to be found of some cases as they are now; returns how many had to be written anew."""
    texts = texts_of_cases(session, instance_ids)
    known = {
        row.instance_id: (row.recency, row.content)
        for row in run(session, select(_CASE).where(_CASE.c.instance_id.in_(instance_ids)))
    }
    changed = [case for case in texts if known.get(case.instance_id, (0, ""))[1] != case.content]
    newest = session.scalar(select(func.min(_CASE.c.recency))) or 0
    for number, case in enumerate((case for case in changed if case.instance_id not in known), 1):
        _add(session, case, newest - number)
    for case in changed:
        if case.instance_id in known:
            _replace(session, *known[case.instance_id], case.content)
    return len(changed)


def forget_subject(session: Session, subject_id: str) -> None:
    """Take out at once what the index holds of a person's cases; their numbers come back with the next round.

    Arguments: subject_id, a customer, or a case without one, whose own key its personal fields are under.
    """
    cases = select(ProcessInstance.id).where(_is_about(subject_id))
    for row in run(session, select(_CASE).where(_CASE.c.instance_id.in_(cases))).all():
        _DELETE_ENTRY.change_all(session, _rows(pieces_by_place(row.content), row.recency))
        run(session, delete(_CASE).where(_CASE.c.recency == row.recency))


def empty_index(session: Session) -> None:
    """Begin anew: the worker then follows the history from its beginning, unless all cases are indexed at once."""
    locked_position(session, SEARCH)
    run(session, delete(_ENTRY))
    run(session, delete(_CASE))
    move_position(session, SEARCH, "0")
    move_position(session, SEARCH_RULES, str(RULES_VERSION))


def go_on_from_now(session: Session) -> None:
    """What is sealed by now need not be followed, since all cases are about to be indexed as they are."""
    move_position(session, SEARCH, str(newest_position(session)))


def index_next_cases(session: Session, after: str, count: int) -> Sequence[str]:
    """Index the `count` cases started after the one with the id `after`, and return their ids."""
    query = select(ProcessInstance.id).where(ProcessInstance.id > after).order_by(ProcessInstance.id).limit(count)
    instance_ids = session.scalars(query).all()
    index_cases(session, instance_ids)
    return instance_ids


def _cases_of_customer(session: Session, stream: str) -> Sequence[str]:
    if not stream.startswith(_CUSTOMER):
        return ()
    return session.scalars(select(ProcessInstance.id).where(_is_about(stream.removeprefix(_CUSTOMER)))).all()


def _is_about(subject_id: str) -> ColumnElement[bool]:
    return or_(ProcessInstance.customer_id == subject_id, ProcessInstance.id == subject_id)


def _add(session: Session, case: CaseTexts, recency: int) -> None:
    content = case.content
    row = {"recency": recency, "instance_id": case.instance_id, "site_id": case.site_id, "content": content}
    insert_rows(session, SearchCase, [row])
    insert_rows(session, SearchEntry, _rows(pieces_by_place(content), recency))


def _replace(session: Session, recency: int, old: str, new: str) -> None:
    before, after = pieces_by_place(old), pieces_by_place(new)
    if gone := before - after:
        _DELETE_ENTRY.change_all(session, _rows(gone, recency))
    insert_rows(session, SearchEntry, _rows(after - before, recency))
    run(session, update(_CASE).where(_CASE.c.recency == recency).values(content=new))


def pieces_by_place(content: str) -> Pieces:
    """The pieces a case is found by, each with the best place it stands at, from `SearchCase.content`."""
    best: dict[str, int] = {}
    for place, part in enumerate(content.split(PART)):
        for piece in pieces_of(part, with_single=WITH_SINGLE_SIGNS[place]):
            best.setdefault(piece, place)
    return frozenset(best.items())


def _rows(pieces: Iterable[tuple[str, int]], recency: int) -> list[Row]:
    return [{"piece": piece, "place": place, "recency": recency} for piece, place in sorted(pieces)]
