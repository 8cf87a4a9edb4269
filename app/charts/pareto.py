"""Pareto's chart: what happens most first, and how much the first ones make together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.charts.plot import (
    LEADING,
    NARROW,
    SIZE,
    WIDE,
    Caption,
    Field,
    draw_axis,
    draw_line,
    draw_names,
    draw_point,
    line,
    new_chart,
    text,
)
from app.charts.scale import percent, plain, ticks
from app.svg import XML, add, title, wrapped, written

VITAL = 0.8  # the share that the few that matter make
_HEIGHT, _TOP, _ROW = 270.0, 22.0, 40.0
_FIGURES = 92.0  # beside bars that lie


@dataclass(frozen=True, slots=True)
class ParetoBar:
    """A kind, how often it was, and the share of all that it and those before it make."""

    name: str
    count: int
    cumulated: float


def pareto(counts: Iterable[tuple[str, int]]) -> tuple[ParetoBar, ...]:
    """Kinds with what they count, the most frequent first; kinds that did not happen are left out."""
    ordered = sorted(((name, count) for name, count in counts if count > 0), key=lambda pair: (-pair[1], pair[0]))
    total, sum_so_far = sum(count for _, count in ordered), 0
    bars = []
    for name, count in ordered:
        sum_so_far += count
        bars.append(ParetoBar(name, count, sum_so_far / total))
    return tuple(bars)


def pareto_svg(bars: Sequence[ParetoBar], caption: Caption, *, width: float = WIDE, style: str = "") -> str:
    """The chart as SVG text; where there is little room the bars lie, so that names stay whole."""
    return _lying(bars, caption, width, style) if width <= NARROW else _standing(bars, caption, width, style)


def _standing(bars: Sequence[ParetoBar], caption: Caption, width: float, style: str) -> str:
    root = new_chart(caption, width, _HEIGHT, style)
    total = sum(bar.count for bar in bars)
    field = Field(root, 42.0, _TOP, width - 44, _HEIGHT - 3 * LEADING - 4, len(bars), float(max(total, 1)))
    draw_axis(field, [mark for mark in ticks(field.highest, is_whole=True) if mark <= field.highest], plain)
    for share in (VITAL, 1.0):
        text(root, percent(share), field.right + 5, field.y(share * field.highest) + 4)
    vital = field.y(VITAL * field.highest)
    line(root, "ch-limit", (field.left, vital), (field.right, vital))
    for place, bar in enumerate(bars):
        top = field.y(bar.count)
        x, wide = field.x(place) - field.step * 0.36, field.step * 0.72
        _draw_bar(root, bar, (x, top, wide, field.bottom - top))
        inside = top + 15 if field.bottom - top > 24 else top - 5
        text(
            root,
            str(bar.count),
            field.x(place),
            inside,
            anchor="middle",
            kind="ch-on-bar" if inside > top else "ch-text",
        )
    draw_line(field, "ch-sum", [bar.cumulated * total for bar in bars])
    for place, bar in enumerate(bars):
        at = (field.x(place), field.y(bar.cumulated * total))
        draw_point(field, "ch-sum-point", at, f"{bar.name}: {percent(bar.cumulated)}", 3.0)
    draw_names(field, [bar.name for bar in bars], 3)
    return written(root)


def _lying(bars: Sequence[ParetoBar], caption: Caption, width: float, style: str) -> str:
    root = new_chart(caption, width, _TOP + _ROW * max(len(bars), 1) + 4, style)
    total = max(sum(bar.count for bar in bars), 1)
    right, bottom = width - _FIGURES, _TOP + _ROW * len(bars)
    vital = right * VITAL
    line(root, "ch-limit", (vital, _TOP - 4), (vital, bottom))
    text(root, percent(VITAL), vital, 12, anchor="middle")
    points = []
    for place, bar in enumerate(bars):
        top = _TOP + _ROW * place
        text(root, wrapped(bar.name, right, SIZE, 1)[0], 0, top + 12)
        _draw_bar(root, bar, (0.0, top + 17, max(2.0, right * bar.count / total), 16.0))
        text(root, f"{bar.count} · {percent(bar.cumulated)}", width, top + 30, anchor="end")
        points.append((right * bar.cumulated, top + 25))
    if len(points) > 1:
        add(root, "polyline", class_="ch-sum", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points))
    for x, y in points:
        add(root, "circle", class_="ch-sum-point", cx=x, cy=y, r=3.0)
    return written(root)


def _draw_bar(root: XML, bar: ParetoBar, place: tuple[float, float, float, float]) -> None:
    x, y, width, height = place
    drawn = add(root, "rect", class_="ch-bar", x=x, y=y, width=width, height=height, rx=2)
    title(drawn, f"{bar.name}: {bar.count}")
