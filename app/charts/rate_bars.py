"""Rates side by side: people, groups or sites, each a bar from nothing to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts.plot import NARROW, SIZE, WIDE, Caption, line, new_chart, text
from app.charts.scale import percent
from app.svg import XML, add, title, width_of, wrapped, written

_NAMES, _TOP = 0.3, 4.0  # share of the width for names, where they stand beside their bars
_BAR = 14.0


@dataclass(frozen=True, slots=True)
class RateBar:
    """Whose rate, how high it is (none where there was nothing to measure), and the counts it is made of."""

    name: str
    rate: float | None
    note: str


def rate_bars_svg(
    bars: Sequence[RateBar], caption: Caption, *, target: float | None = None, width: float = WIDE, style: str = ""
) -> str:
    """The chart as SVG text; where there is little room each name stands above its bar."""
    is_narrow = width <= NARROW
    row = 40.0 if is_narrow else 26.0
    root = new_chart(caption, width, _TOP + row * max(len(bars), 1) + 4, style)
    left = 0.0 if is_narrow else width * _NAMES
    notes = max((width_of(_note(bar), SIZE) for bar in bars), default=0.0) + 10
    right = width - notes
    for place, bar in enumerate(bars):
        top = _TOP + row * place
        if is_narrow:
            text(root, wrapped(bar.name, width, SIZE, 1)[0], 0, top + 12)
        else:
            text(root, wrapped(bar.name, left - 10, SIZE, 1)[0], left - 8, top + 15, anchor="end")
        _draw_bar(root, bar, (left, top + (18 if is_narrow else 4), right - left))
        text(root, _note(bar), width, top + (29 if is_narrow else 15), anchor="end")
    if target is not None and bars:
        x = left + (right - left) * target
        line(root, "ch-target", (x, _TOP), (x, _TOP + row * len(bars)))
    return written(root)


def _note(bar: RateBar) -> str:
    return f"{percent(bar.rate)}  {bar.note}".rstrip()


def _draw_bar(root: XML, bar: RateBar, place: tuple[float, float, float]) -> None:
    left, top, width = place
    add(root, "rect", class_="ch-track", x=left, y=top, width=width, height=_BAR, rx=2)
    if bar.rate:
        drawn = add(root, "rect", class_="ch-bar", x=left, y=top, width=width * min(bar.rate, 1.0), height=_BAR, rx=2)
        title(drawn, f"{bar.name}: {_note(bar)}")
