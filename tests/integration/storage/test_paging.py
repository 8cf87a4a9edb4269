"""Lists page by page: nothing twice, nothing left out, and a place that does not exist is refused."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.models import Group
from app.models.paging import list_page


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_follow_one_another(session: Session, newest_first: bool) -> None:
    session.add_all(Group(id=f"g{number}", name_en=f"{number % 3}", name_zh="组") for number in range(7))
    session.flush()
    query = select(Group.id, Group.name_en)
    seen: list[tuple[str, str]] = []
    cursor: str | None = None
    for _ in range(4):
        page = list_page(session, query, (Group.name_en, Group.id), after=cursor, newest_first=newest_first, size=2)
        seen += [(row.name_en, row.id) for row in page.rows]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == sorted({(f"{number % 3}", f"g{number}") for number in range(7)}, reverse=newest_first)


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '["a"]', "{}", '["a", 1]', '["a", null]', "[" * 5000])
def test_a_place_that_does_not_exist_is_refused(session: Session, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        list_page(session, select(Group.id, Group.name_en), (Group.name_en, Group.id), after=cursor)
