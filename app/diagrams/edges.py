"""Drawing edges: sequence flows, message flows, associations, and what decisions require (DMN 1.5, 6.2.2)."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

from app.diagrams.drawing import Bounds, Edge, Point
from app.diagrams.svg import SMALL, circle, text_in
from app.svg import XML, add

_TIP, _HALF = 9.0, 4.0
_DASHES = {
    "messageFlow": "8 5", "association": "2 3", "knowledgeRequirement": "6 4", "authorityRequirement": "6 4",
}  # fmt: skip


def draw_edge(parent: XML, edge: Edge, name: str) -> None:
    """A line with what its ends say, and its name."""
    kind = edge.element.type
    dashes = _DASHES.get(kind, "2 3" if "Association" in kind else "")
    path = "M" + " L".join(f"{point.x:.1f} {point.y:.1f}" for point in edge.points)
    add(parent, "path", class_="dg-line", d=path, stroke_width=1.5, stroke_linejoin="round", stroke_dasharray=dashes)
    if kind == "knowledgeRequirement":
        _open_tip(parent, edge.points[-2], edge.points[-1])
    elif kind == "authorityRequirement":
        circle(parent, edge.points[-1], _HALF, class_="dg-tip", stroke_width=1)
    elif kind != "association":
        _tip(parent, edge.points[-2], edge.points[-1], is_hollow=kind == "messageFlow")
    if kind == "messageFlow":
        circle(parent, edge.points[0], 4.0, class_="dg-area", stroke_width=1.3)
    if edge.element.is_default:
        _slash(parent, edge.points[0], edge.points[1])
    if edge.element.is_conditional:
        _diamond(parent, edge.points[0], edge.points[1])
    if name:
        area = edge.label or _beside(edge.points)
        wide = Bounds(area.centre.x - max(area.width, 80) / 2, area.y, max(area.width, 80), max(area.height, 27))
        text_in(parent, name, wide, size=SMALL, is_top=True, kind="dg-outer")


def _direction(start: Point, end: Point) -> tuple[float, float]:
    length = hypot(end.x - start.x, end.y - start.y) or 1.0
    return (end.x - start.x) / length, (end.y - start.y) / length


def _tip(parent: XML, before: Point, end: Point, *, is_hollow: bool) -> None:
    kind = "dg-area" if is_hollow else "dg-tip"
    add(parent, "polygon", class_=kind, points=_corners_of_tip(before, end), stroke_width=1)


def _open_tip(parent: XML, before: Point, end: Point) -> None:
    add(parent, "polyline", class_="dg-line", points=_corners_of_tip(before, end), stroke_width=1.5)


def _corners_of_tip(before: Point, end: Point) -> str:
    x, y = _direction(before, end)
    left = (end.x - _TIP * x - _HALF * y, end.y - _TIP * y + _HALF * x)
    right = (end.x - _TIP * x + _HALF * y, end.y - _TIP * y - _HALF * x)
    return f"{left[0]:.1f},{left[1]:.1f} {end.x:.1f},{end.y:.1f} {right[0]:.1f},{right[1]:.1f}"


def _slash(parent: XML, start: Point, towards: Point) -> None:
    x, y = _direction(start, towards)
    at = Point(start.x + 12 * x, start.y + 12 * y)
    above, below = (-4 * x + 5 * y, -4 * y - 5 * x), (4 * x - 5 * y, 4 * y + 5 * x)
    line = f"M{at.x + above[0]:.1f} {at.y + above[1]:.1f}L{at.x + below[0]:.1f} {at.y + below[1]:.1f}"
    add(parent, "path", class_="dg-line", d=line, stroke_width=1.5)


def _diamond(parent: XML, start: Point, towards: Point) -> None:
    x, y = _direction(start, towards)
    corners = [(0.0, 0.0), (8.0, -5.0), (16.0, 0.0), (8.0, 5.0)]
    points = " ".join(f"{start.x + a * x - b * y:.1f},{start.y + a * y + b * x:.1f}" for a, b in corners)
    add(parent, "polygon", class_="dg-area", points=points, stroke_width=1.3)


def _beside(points: tuple[Point, ...]) -> Bounds:
    """Above the middle of the longest part of the line."""
    start, end = max(pairwise(points), key=lambda pair: hypot(pair[1].x - pair[0].x, pair[1].y - pair[0].y))
    return Bounds((start.x + end.x) / 2 - 40, (start.y + end.y) / 2 - 16, 80, 14)
