"""The proof that the search index holds what the tables say: of every case the same texts and the same entries."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ProcessInstance, SearchCase, SearchEntry
from app.models.search_texts import texts_of_cases
from app.operations.search_index import pieces_by_place

AT_ONCE = 500


def cases_amiss(session: Session) -> list[str]:
    """The ids of cases whose texts or entries in the index are not those of the tables; empty when all is well.

    Entries are added up, hashed, for each case: millions of them are read once, in the order they lie in.
    """
    cases = select(SearchCase.recency, SearchCase.instance_id)
    known = {instance_id: recency for recency, instance_id in session.execute(cases)}
    sums: dict[int, int] = defaultdict(int)
    entries = select(SearchEntry.piece, SearchEntry.place, SearchEntry.recency).execution_options(yield_per=10_000)
    for piece, place, recency in session.execute(entries):
        sums[recency] += hash((piece, place))
    amiss = [case for case, content in _wanted(session, known) if not _is_held(session, known, sums, case, content)]
    strangers = sums.keys() - set(known.values())
    return amiss + sorted(f"entry of nothing {recency}" for recency in strangers)


def _wanted(session: Session, known: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every case there is or the index knows, with what should be found of it."""
    ids = sorted({*session.scalars(select(ProcessInstance.id)), *known})
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        texts = {case.instance_id: case.content for case in texts_of_cases(session, chunk)}
        yield from ((case, texts.get(case, "")) for case in chunk)


def _is_held(session: Session, known: dict[str, int], sums: dict[int, int], case: str, content: str) -> bool:
    recency = known.get(case)
    if recency is None:
        return False
    held = session.scalar(select(SearchCase.content).where(SearchCase.recency == recency))
    return held == content and sums[recency] == sum(map(hash, pieces_by_place(content)))
