"""Lists page by page: each begins behind the last row of the one before, so all pages cost the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import InvalidInput
from app.i18n import N_

PAGE = 50
_LARGEST_NUMBER = 2**63 - 1  # no database has larger ones


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page; `next_cursor` is what to pass as `after` for the next one, None at the end."""

    rows: tuple[Row[*tuple[Any, ...]], ...]
    next_cursor: str | None


def list_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    key: Sequence[InstrumentedAttribute[Any]],
    *,
    after: str | None = None,
    newest_first: bool = False,
    size: int = PAGE,
) -> ListPage:
    """A page of a statement that selects the columns of `key`, in their order.

    Arguments: key, columns that are never null and together name one row, each a text, number, day or moment;
    after, the cursor of the page before. Raises InvalidInput for a cursor that is none.
    """
    if after:
        position = tuple_(*_values(after, key))
        statement = statement.where(tuple_(*key) < position if newest_first else tuple_(*key) > position)
    statement = statement.order_by(*(column.desc() if newest_first else column.asc() for column in key))
    rows = tuple(session.execute(statement.limit(size + 1)))
    if len(rows) <= size:
        return ListPage(rows, None)
    last = rows[size - 1]._mapping  # noqa: SLF001  # the name SQLAlchemy documents
    return ListPage(rows[:size], cursor_of([last[column] for column in key]))


def cursor_of(values: Sequence[object]) -> str:
    """The cursor of the page that follows the row with these values of the key."""
    return json.dumps([_text(value) for value in values], ensure_ascii=False)


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _values(after: str, key: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    refusal = InvalidInput(N_("This place in the list does not exist. Go back to its beginning."))
    try:
        texts = json.loads(after)
        if not isinstance(texts, list) or len(texts) != len(key):
            raise refusal
        return [
            literal(_value(text, column.type.python_type), column.type) for text, column in zip(texts, key, strict=True)
        ]
    except (ValueError, RecursionError) as error:
        raise refusal from error


def _value(text: object, kind: type) -> object:
    if kind is datetime and isinstance(text, str):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment
    if kind is date and isinstance(text, str):
        return date.fromisoformat(text)
    if type(text) is not kind or (isinstance(text, int) and abs(text) > _LARGEST_NUMBER):
        raise ValueError(text)
    return text
