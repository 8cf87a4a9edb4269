"""Counting facts: one condition says what a figure counts, for its number and for the list of its cases alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, SQLColumnExpression, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.models import ProcessInstance
from app.reports.month import Month

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts are counted, and the zone of the site whose midnights part months and weeks."""

    site_ids: Collection[str]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts stand: `moment` (a date or a moment) says when one counts, `key` names it, `instance` is its case."""

    table: FromClause
    site: SQLColumnExpression[Any]
    moment: SQLColumnExpression[Any]
    key: SQLColumnExpression[Any]
    instance: SQLColumnExpression[Any]  # null where the fact is of no case
    is_by_date: bool = False
    is_of_visits: bool = False  # of no case: key is a visit's


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure counts of a source, of what it is a part, and what each counts for where that is not one."""

    source: Source
    counts: ColumnElement[bool]
    of: ColumnElement[bool] | None = None
    weight: SQLColumnExpression[Any] | None = None

    @property
    def rest(self) -> "Counted":
        """Those that it is a part of without counting them."""
        is_not_counted = case((self.counts, 0), else_=1) == 1  # also where the condition is neither true nor false
        return Counted(self.source, is_not_counted if self.of is None else and_(self.of, is_not_counted))

    def part(self, condition: ColumnElement[bool]) -> "Counted":
        """Those that are so, as a part of all that this counts."""
        return Counted(self.source, and_(self.counts, condition), self.counts)

    def only(self, condition: ColumnElement[bool]) -> "Counted":
        """The same of fewer facts."""
        of = None if self.of is None else and_(self.of, condition)
        return Counted(self.source, and_(self.counts, condition), of, self.weight)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row, the last one included, under the name they are asked for by."""

    name: str
    first: date
    behind: date  # the day after the last

    @classmethod
    def of_month(cls, month: Month) -> "Span":
        """A whole month."""
        return cls(str(month), month.first_day, month.plus(1).first_day)

    def edges(self, source: Source, zone: ZoneInfo) -> tuple[Any, Any]:
        """Where it begins and ends in the terms of a source: two dates, or two midnights of the site."""
        if source.is_by_date:
            return self.first, self.behind
        return midnight(self.first, zone), midnight(self.behind, zone)

    def end_at(self, zone: ZoneInfo) -> datetime:
        """The midnight behind its last day."""
        return midnight(self.behind, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day on the clocks of a zone."""
    return datetime.combine(day, time.min, zone)


def is_within(source: Source, span: Span, zone: ZoneInfo) -> ColumnElement[bool]:
    """A fact counts in these days."""
    begins, ends = span.edges(source, zone)
    return and_(source.moment >= begins, source.moment < ends)


def tallies(
    session: Session,
    wanted: Mapping[str, Counted],
    scope: Scope,
    spans: Sequence[Span],
    *,
    by: SQLColumnExpression[Any] | None = None,
) -> dict[tuple[str, Any], dict[str, tuple[int, int | None]]]:
    """Count and base of each figure for each of `spans`, which follow each other without gaps, the oldest first.

    Arguments: wanted, figures of one source; by, what to break them down by. Returns (name of the span, value of
    `by`) -> figure -> (count, base); what is nowhere is left out.
    """
    source = next(iter(wanted.values())).source
    part = literal(None) if by is None else by
    columns = {
        f"{name}_{what}": case((condition, 1 if counted.weight is None else counted.weight), else_=0)
        for name, counted in wanted.items()
        for what, condition in (("count", counted.counts), ("base", counted.of))
        if condition is not None
    }
    facts = (
        select(
            _span_of(source, spans, scope.zone).label("span"),
            part.label("part"),
            *(one.label(name) for name, one in columns.items()),
        )
        .select_from(source.table)
        .where(
            source.site.in_(scope.site_ids),
            is_within(source, Span("", spans[0].first, spans[-1].behind), scope.zone),
            or_(*(counted.counts if counted.of is None else counted.of for counted in wanted.values())),
        )
        .subquery()
    )
    sums = [func.sum(facts.c[name]).label(name) for name in columns]
    rows = session.execute(select(facts.c.span, facts.c.part, *sums).group_by(facts.c.span, facts.c.part))
    return {(spans[row.span].name, row.part): _read(row._mapping, wanted) for row in rows}  # noqa: SLF001


def facts_of(counted: Counted, scope: Scope, span: Span) -> Select[*tuple[Any, ...]]:
    """The facts that a figure counts in these days, for the list behind it: key, moment and case."""
    source = counted.source
    return (
        select(source.key.label("key"), source.moment.label("moment"), source.instance.label("instance_id"))
        .select_from(source.table)
        .where(source.site.in_(scope.site_ids), is_within(source, span, scope.zone), counted.counts)
    )


def cases_of(facts: Select[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """The cases that facts are of, as a condition on ProcessInstance."""
    return ProcessInstance.id.in_(facts.with_only_columns(facts.selected_columns.instance_id))


def _span_of(source: Source, spans: Sequence[Span], zone: ZoneInfo) -> ColumnElement[int]:
    ends = ((span.edges(source, zone)[1], place) for place, span in enumerate(spans[:-1]))
    whens = [(source.moment < end, literal(place)) for end, place in ends]
    return case(*whens, else_=literal(len(spans) - 1)) if whens else literal(0)


def _read(row: Mapping[Any, Any], wanted: Mapping[str, Counted]) -> dict[str, tuple[int, int | None]]:
    return {
        name: (int(row[f"{name}_count"]), None if counted.of is None else int(row[f"{name}_base"]))
        for name, counted in wanted.items()
    }
