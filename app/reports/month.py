"""A calendar month; between which moments it lies in the zone of a site says tally.Span."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import InvalidInput
from app.i18n import N_

MONTHS_BEFORE = 12
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar; its text is `2026-10`."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> "Month":
        """A month from its text; raises InvalidInput."""
        refusal = InvalidInput(N_("“%(text)s” is not a month. Write it as 2026-10."), text=text)
        try:
            day = date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise refusal from error
        if not FIRST_YEAR <= day.year <= LAST_YEAR:  # no report reaches over the ends of the calendar
            raise refusal
        return cls.of(day)

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month in which a day lies."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def plus(self, months: int) -> "Month":
        """The month so many later (negative: earlier)."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.plus(1).first_day - timedelta(days=1)


def months_until(month: Month, before: int = MONTHS_BEFORE) -> tuple[Month, ...]:
    """The months a report shows: those before and the month itself, the oldest first."""
    return tuple(month.plus(-distance) for distance in range(before, -1, -1))
