"""Days, weeks and months that follow-up reports are about."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import InvalidInput
from app.i18n import N_
from app.reports.month import Month
from app.reports.tally import Span

DAY, WEEK, MONTH = "day", "week", "month"
KINDS = (DAY, WEEK, MONTH)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week from Monday to Sunday, or a month, of which a report is made."""

    kind: str
    first: date
    last: date

    @classmethod
    def around(cls, kind: str, day: date) -> "Period":
        """The period of this kind in which a day lies. Raises InvalidInput for an unknown kind."""
        if kind == DAY:
            return cls(kind, day, day)
        if kind == WEEK:
            monday = day - timedelta(days=day.weekday())
            return cls(kind, monday, monday + timedelta(days=6))
        if kind == MONTH:
            return cls(kind, day.replace(day=1), Month.of(day).last_day)
        raise InvalidInput(N_("There are reports of a day, a week and a month."))

    @property
    def previous(self) -> "Period":
        """The one before."""
        return Period.around(self.kind, self.first - timedelta(days=1))

    @property
    def following(self) -> "Period":
        """The one after."""
        return Period.around(self.kind, self.last + timedelta(days=1))

    @property
    def span(self) -> Span:
        """The same in the terms of a count."""
        return Span(str(self), self.first, self.last + timedelta(days=1))

    @property
    def parts(self) -> tuple[Span, ...]:
        """What its course is shown by: the days of a week, the weeks of a month; of a day nothing."""
        if self.kind == DAY:
            return ()
        step = 1 if self.kind == WEEK else 7
        starts = [self.first + timedelta(days=days) for days in range(0, (self.last - self.first).days + 1, step)]
        ends = [*starts[1:], self.last + timedelta(days=1)]
        return tuple(Span(start.isoformat(), start, end) for start, end in zip(starts, ends, strict=True))

    def __str__(self) -> str:
        if self.kind == MONTH:
            return f"{self.first:%Y-%m}"
        return self.first.isoformat() if self.kind == DAY else f"{self.first.isoformat()} – {self.last.isoformat()}"
