"""What a drawing is made of: shapes and edges with their places, in the units of BPMN DI (pixels)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Point:
    """A place; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle by its upper left corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def moved(self, by: Point) -> Bounds:
        return Bounds(self.x + by.x, self.y + by.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Element:
    """What the model says of an element that is drawn.

    type: BPMN's word (`userTask`). events: its event definitions without the ending (`timer`, `message`).
    markers: `loop`, `parallel`, `sequential`, `compensation`, `ad_hoc`, `event_subprocess`. is_light: a boundary or
    start event that does not interrupt.
    """

    id: str
    type: str
    name: str = ""
    events: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    is_light: bool = False
    is_default: bool = False  # a default flow
    is_conditional: bool = False  # a flow with a condition out of an activity
    text: str = ""  # of an annotation


@dataclass(frozen=True, slots=True)
class Shape:
    """An element with an area. label: where its name stands when it stands outside."""

    element: Element
    bounds: Bounds
    label: Bounds | None = None
    is_expanded: bool = True
    is_horizontal: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """An element along a line of two points or more."""

    element: Element
    points: tuple[Point, ...]
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn of a diagram; outer shapes before those inside them."""

    shapes: tuple[Shape, ...] = ()
    edges: tuple[Edge, ...] = field(default=())

    def bounds(self) -> Bounds:
        """The smallest rectangle around everything."""
        labels = [*(shape.label for shape in self.shapes), *(edge.label for edge in self.edges)]
        corners = _corners(shape.bounds for shape in self.shapes)
        corners += _corners(label for label in labels if label is not None)
        corners += [point for edge in self.edges for point in edge.points]
        if not corners:
            return Bounds(0, 0, 0, 0)
        left, top = min(point.x for point in corners), min(point.y for point in corners)
        right, bottom = max(point.x for point in corners), max(point.y for point in corners)
        return Bounds(left, top, right - left, bottom - top)


def _corners(areas: Iterable[Bounds]) -> list[Point]:
    return [corner for area in areas for corner in (Point(area.x, area.y), Point(area.right, area.bottom))]
