"""Values of cells, and how each kind is told where there are no number formats."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: shown in percent, empty where the whole is nothing."""

    count: int
    base: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where there is nothing to be a part of."""
        return self.count / self.base if self.base else None

    def __str__(self) -> str:
        value = self.value
        return "" if value is None else f"{value:.1%}"


Cell = str | int | float | Decimal | date | datetime | Share | None


def told(cell: Cell) -> str:
    """A cell as text that a spreadsheet program reads as the same value."""
    if cell is None:
        return ""
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)
