"""Lists that programs ask for with filters, an order and a part: declared once, as one statement for all of it."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.visibility import Reader

Kind = Literal["text", "texts", "flag", "number", "moment", "moments", "comparisons"]
Column = ColumnElement[Any]
READER = "reader"
MAGNITUDES: Mapping[str, Callable[[Any, Any], Column]] = {
    "gt": operator.gt, "gteq": operator.ge, "lt": operator.lt, "lteq": operator.le,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a variable is compared with: for the operators eq and neq JSON text, for like and notLike a pattern,
    for those of MAGNITUDES the digits of a number.
    """

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter by the name programs know it: what it takes, and the condition it makes of that."""

    kind: Kind
    condition: Callable[[Any], Column]


@dataclass(frozen=True, slots=True, eq=False)
class ProgramList:
    """A list of rows that a person may see.

    statement: for the place of a person's id, everything that the person may see of it; made once. filters, orders: by
    the names programs know. key: a column that names one row; it decides where the order does not. of_id: the
    condition for the row of an id, where that is not the key itself. widened_by: a flag's name -> the filters that mean
    more where it is asked for.
    """

    statement: Callable[[Reader], Select[*tuple[Any, ...]]]
    filters: Mapping[str, Filter]
    orders: Mapping[str, Any]
    key: Any
    of_id: Callable[[str], Column] | None = None
    widened_by: Mapping[str, Mapping[str, Filter]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a program asked for: conditions, (order, is descending), how many rows to leave out, how many to give."""

    conditions: Sequence[Column] = ()
    orders: Sequence[tuple[str, bool]] = ()
    first: int = 0
    most: int = 0


def rows_of(session: Session, wanted_list: ProgramList, user_id: str, wanted: Wanted) -> Sequence[Row[Any]]:
    """The rows that were asked for, as far as the person may see them."""
    statement = _seen(wanted_list).where(and_(True, *wanted.conditions))
    for name, is_descending in wanted.orders:
        column = wanted_list.orders[name]
        statement = statement.order_by(column.desc() if is_descending else column.asc())
    statement = statement.order_by(wanted_list.key).offset(wanted.first or None).limit(wanted.most)
    return session.execute(statement, {READER: user_id}).all()


def count_of(session: Session, wanted_list: ProgramList, user_id: str, wanted: Wanted) -> int:
    """How many there are, as far as the person may see them."""
    statement = _seen(wanted_list).where(and_(True, *wanted.conditions))
    return session.scalar(select(func.count()).select_from(statement.subquery()), {READER: user_id}) or 0


def one_of(session: Session, wanted_list: ProgramList, user_id: str, key: str) -> Row[Any] | None:
    """The row of this key, if it exists and the person may see it."""
    is_meant = wanted_list.of_id(key) if wanted_list.of_id else wanted_list.key == key
    statement = _seen(wanted_list).where(is_meant)
    return session.execute(statement, {READER: user_id}).first()


@lru_cache(maxsize=64)
def _seen(wanted_list: ProgramList) -> Select[*tuple[Any, ...]]:
    return wanted_list.statement(bindparam(READER, type_=String))


def any_of(conditions: Sequence[Column]) -> Column:
    """Whether one of several conditions holds."""
    return or_(*conditions)


def equals(column: Any, kind: Kind = "text") -> Filter:
    """The very text, or what else the list takes."""
    return Filter(kind, lambda value: column == value)


def like(column: Any) -> Filter:
    """A text with % for any letters."""
    return Filter("text", lambda pattern: column.like(whole_pattern(pattern), escape="\\"))


def unlike(column: Any) -> Filter:
    """Every other text."""
    return Filter("text", lambda pattern: column.not_like(whole_pattern(pattern), escape="\\"))


def whole_pattern(pattern: str) -> str:
    """A pattern whose last sign, where it would take away the meaning of the next one, stands for itself.

    PostgreSQL takes no other.
    """
    is_open = (len(pattern) - len(pattern.rstrip("\\"))) % 2
    return pattern + "\\" * is_open


def among(column: Any) -> Filter:
    """One of several texts."""
    return Filter("texts", column.in_)


def after(column: Any) -> Filter:
    """Not before a moment."""
    return at_least(column, "moment")


def before(column: Any) -> Filter:
    """Not after a moment."""
    return at_most(column, "moment")


def at_least(column: Any, kind: Kind = "number") -> Filter:
    """Not less than a number, or what else the list takes."""
    return Filter(kind, lambda value: column >= value)


def at_most(column: Any, kind: Kind = "number") -> Filter:
    """Not more than a number, or what else the list takes."""
    return Filter(kind, lambda value: column <= value)


def at(column: Any) -> Filter:
    """At this moment."""
    return equals(column, "moment")


def flag(condition: Column | InstrumentedAttribute[bool]) -> Filter:
    """A condition that is asked for or not."""
    return Filter("flag", lambda _wanted: and_(condition))


def row_number(text: str) -> int:
    """The number of a row that an id of programs stands for; of what is none, one that no row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


# Of distinctions that this product does not make: all rows are of the one kind, none of the other.
EVERY_ROW, NO_ROW = flag(true()), flag(false())
NO_ROW_OF_ANY = Filter("texts", lambda _values: false())
NO_ROW_OF_THAT = Filter("text", lambda _value: false())


def moments(column: Any) -> Filter:
    """Compared with moments: each with an operator of MAGNITUDES."""
    return Filter(
        "moments", lambda wanted: and_(true(), *(MAGNITUDES[sign](column, moment) for sign, moment in wanted))
    )
