"""Round numbers for axes, and shares as people read them."""

from math import ceil, floor, log10

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(highest: float, most: int = 5, *, is_whole: bool = False) -> list[float]:
    """Round numbers from 0 to the first one that is not below `highest`; with is_whole no fractions."""
    if highest <= 0:
        return [0.0, 1.0]
    unit = 10 ** floor(log10(highest / most))
    step = next(size * unit for size in _STEPS if size * unit * most >= highest * (1 - 1e-9))
    if is_whole:
        step = max(1.0, float(ceil(step)))
    return [round(step * place, 9) for place in range(ceil(highest / step - 1e-9) + 1)]


def percent(share: float | None) -> str:
    """A share as percentage with one decimal place at most; a dash for none."""
    return "–" if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


def plain(value: float | None) -> str:
    """A number with at most one decimal place; a dash for none."""
    return "–" if value is None else f"{value:,.1f}".removesuffix(".0")
