"""A figure month by month, with the target it is held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.charts.plot import (
    NARROW,
    WIDE,
    Caption,
    Field,
    draw_axis,
    draw_labels,
    draw_line,
    draw_point,
    line,
    new_chart,
    text,
)
from app.charts.scale import percent, plain, ticks
from app.svg import width_of, written


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month and its figure; none where there was nothing to measure."""

    label: str
    value: float | None


def trend_svg(
    points: Sequence[TrendPoint],
    caption: Caption,
    *,
    target: tuple[float, str] | None = None,
    is_share: bool = True,
    width: float = WIDE,
    style: str = "",
) -> str:
    """The chart as SVG text. Arguments: target, its value and its word; is_share, values from 0 to 1 as percentages."""
    told = percent if is_share else plain
    height = 220.0 if width > NARROW else 190.0
    root = new_chart(caption, width, height, style)
    values = [point.value for point in points if point.value is not None]
    highest = max([*values, target[0] if target else 0.0, 0.0])
    marks = [mark for mark in ticks(highest * (1.0 if is_share else 1.1)) if not is_share or mark <= 1.0]
    word = f"{target[1]} {told(target[0])}" if target else ""
    field = Field(root, 46.0, 20.0, width - max(width_of(word, 12) + 10, 20), height - 28, len(points), marks[-1])
    draw_axis(field, marks, told)
    if target:
        y = field.y(target[0])
        line(root, "ch-target", (field.left, y), (field.right, y))
        text(root, word, field.right + 5, y + 4)
    draw_line(field, "ch-line", [point.value for point in points])
    for place, point in enumerate(points):
        if point.value is not None:
            at = (field.x(place), field.y(point.value))
            draw_point(field, "ch-point", at, f"{point.label}: {told(point.value)}")
    _draw_last(field, points, told)
    draw_labels(field, [point.label for point in points])
    return written(root)


def _draw_last(field: Field, points: Sequence[TrendPoint], told: Callable[[float | None], str]) -> None:
    """The latest figure in words, because it is what the chart is opened for."""
    if points and points[-1].value is not None:
        at = field.y(points[-1].value)
        place = at - 9 if at - 9 > 12 else at + 18
        text(field.root, told(points[-1].value), field.x(len(points) - 1), place, anchor="middle", kind="ch-strong")
