"""The drawing of a control chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.charts.control import ControlChart, ControlPoint, Rule
from app.charts.plot import NARROW, WIDE, Caption, Field, draw_axis, draw_labels, draw_line, draw_point, new_chart, text
from app.charts.scale import percent, ticks
from app.svg import add, width_of, written

_TOP, _FOOT = 26.0, 28.0
_FLAG = 15.0  # how far above its point the numbers of the broken rules stand


@dataclass(frozen=True, slots=True)
class ControlWords:
    """The words at the lines, and what each rule says."""

    upper: str
    mean: str
    lower: str
    rules: Mapping[Rule, str]


def control_svg(
    chart: ControlChart, caption: Caption, words: ControlWords, *, width: float = WIDE, style: str = ""
) -> str:
    """The chart as SVG text: shares, mean, limits in steps; points that break a rule with the numbers of the rules."""
    height = 260.0 if width > NARROW else 230.0
    root = new_chart(caption, width, height, style)
    shown = [point for point in chart.points if point.share is not None]
    highest = max((max(point.share or 0.0, point.upper) for point in shown), default=0.0)
    marks = ticks(min(highest * 1.05, 1.0) if highest else 0.1)
    names = (words.upper, f"{words.mean} {percent(chart.mean)}", words.lower)
    right = width - max(_width(name) for name in names) - 6
    field = Field(root, 46.0, _TOP, right, height - _FOOT, len(chart.points), marks[-1])
    draw_axis(field, marks, percent)
    _draw_limits(field, chart, names)
    draw_line(field, "ch-line", [point.share for point in chart.points])
    for place, point in enumerate(chart.points):
        _draw_point(field, place, point, words)
    draw_labels(field, [point.sample.label for point in chart.points])
    return written(root)


def _width(name: str) -> float:
    return width_of(name, 12) + 4


def _draw_limits(field: Field, chart: ControlChart, names: Sequence[str]) -> None:
    for limits in ([point.upper for point in chart.points], [point.lower for point in chart.points]):
        add(field.root, "path", class_="ch-limit", d=_steps(field, limits))
    mean = field.y(chart.mean)
    add(field.root, "line", class_="ch-mean", x1=field.left, x2=field.right, y1=mean, y2=mean)
    if not chart.points:
        return
    last = chart.points[-1]
    for name, y in zip(names, _apart([field.y(last.upper), mean, field.y(last.lower)]), strict=True):
        text(field.root, name, field.right + 5, y + 4)


def _apart(heights: Sequence[float]) -> list[float]:
    """The same heights from top to bottom, moved so that a line of text fits between any two."""
    upper, middle, lower = heights
    return [min(upper, middle - 14), middle, max(lower, middle + 14)]


def _steps(field: Field, limits: Sequence[float]) -> str:
    """A limit differs from sample to sample: a stair, a step for each."""
    parts = [
        f"{'M' if not place else 'L'}{field.left + field.step * place:.1f} {field.y(limit):.1f}"
        f"H{field.left + field.step * (place + 1):.1f}"
        for place, limit in enumerate(limits)
    ]
    return "".join(parts)


def _draw_point(field: Field, place: int, point: ControlPoint, words: ControlWords) -> None:
    if point.share is None:
        return
    sample = point.sample
    told = f"{sample.label}: {percent(point.share)} ({sample.count}/{sample.size})"
    told += "".join(f"\n{rule.value}: {words.rules[rule]}" for rule in point.broken)
    at = (field.x(place), field.y(point.share))
    draw_point(field, "ch-bad" if point.broken else "ch-point", at, told, 6.0 if point.broken else 3.5)
    if point.broken:
        flag = ",".join(str(rule.value) for rule in point.broken)
        is_high = at[1] - _FLAG > 12
        text(field.root, flag, at[0], at[1] - 10 if is_high else at[1] + 20, anchor="middle", kind="ch-flag")
