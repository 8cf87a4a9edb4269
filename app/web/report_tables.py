"""Figures and tables of reports: once made, they are shown on pages, in workbooks and on paper alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts import RateBar, percent, plain
from app.reports import Figure
from app.spreadsheets import Cell, Share, Sheet
from app.svg import width_of
from app.web.texts import gettext

MOST_NARROW_COLUMNS = 4
LONGEST_NARROW_NAME = 11.0  # heights of a letter


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A value, and the address of the cases behind it."""

    value: Cell
    url: str = ""
    is_right: bool = False  # a text that stands below numbers

    @property
    def text(self) -> str:
        """As people read it."""
        return told(self.value)

    @property
    def base(self) -> str:
        """What a share is made of."""
        return f"{self.value.count}/{self.value.base}" if isinstance(self.value, Share) and self.value.base else ""

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self.is_right or isinstance(self.value, Share | int | float)


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a report; `rows` are as long as `header`."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[ReportCell]]

    @property
    def is_narrow(self) -> bool:
        """Whether two such tables have room side by side on paper."""
        names = (width_of(row[0].text, 1.0) for row in self.rows)
        return len(self.header) <= MOST_NARROW_COLUMNS and max(names, default=0.0) <= LONGEST_NARROW_NAME

    def sheet(self, above: Sequence[str] = ()) -> Sheet:
        """The same as a sheet of a workbook."""
        return Sheet(self.title, self.header, [[cell.value for cell in row] for row in self.rows], [*above, self.title])


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure with the one before it; is_better_high says which way is good, None where neither is."""

    name: str
    value: Cell
    previous: Cell = None
    url: str = ""
    is_better_high: bool | None = None

    @property
    def text(self) -> str:
        """As people read it."""
        return told(self.value)

    @property
    def base(self) -> str:
        """What a share is made of."""
        return ReportCell(self.value).base

    @property
    def difference(self) -> float | None:
        """Against the one before: in counts, or in percentage points."""
        now, before = _number(self.value), _number(self.previous)
        return None if now is None or before is None else now - before

    @property
    def change(self) -> str:
        """The difference in words; nothing where there is nothing to compare with."""
        if self.difference is None:
            return ""
        if abs(self.difference) < 0.05:
            return "±0"
        words = f"{self.difference:+,.1f}".removesuffix(".0")
        return gettext("%(points)s points", points=words) if isinstance(self.value, Share) else words

    @property
    def tone(self) -> str:
        """Good or bad, where one of them can be said."""
        if self.is_better_high is None or self.difference is None or abs(self.difference) < 0.05:
            return ""
        return "good" if (self.difference > 0) == self.is_better_high else "bad"


def cell_of(figure: Figure) -> Cell:
    """A figure's value: a share where it is a part of something."""
    return figure.count if figure.base is None else Share(figure.count, figure.base)


def rate_bar(name: str, figure: Figure) -> RateBar:
    """A share as a bar of a chart, with what it is made of."""
    return RateBar(name, figure.rate, f"{figure.count}/{figure.base}")


def figures_table(title: str, figures: Sequence[KeyFigure], now: str, before: str) -> ReportTable:
    """Key figures one below the other, with what they are made of. Arguments: now, before, names of the periods."""
    header = (gettext("Figure"), now, gettext("Counts"), before, gettext("Change"))
    rows = [
        [
            ReportCell(figure.name), ReportCell(figure.value, figure.url), ReportCell(figure.base, is_right=True),
            ReportCell(figure.previous), ReportCell(figure.change, is_right=True),
        ]
        for figure in figures
    ]  # fmt: skip
    return ReportTable(title, header, rows)


def told(value: Cell) -> str:
    """A cell's value as people read it."""
    if isinstance(value, Share):
        return percent(value.value)
    return plain(value) if isinstance(value, int | float) else "" if value is None else str(value)


def _number(value: Cell) -> float | None:
    if isinstance(value, Share):
        return None if value.value is None else value.value * 100
    return float(value) if isinstance(value, int | float) else None
