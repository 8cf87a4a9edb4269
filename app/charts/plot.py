"""The field of a chart: its frame, its axis, its labels. All lengths in pixels at the drawing's own size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.svg import XML, add, new_root, title, width_of, wrapped

WIDE, NARROW = 640.0, 340.0  # for a page, and for a telephone held upright
SIZE = 12.0  # of all texts
LEADING = 14.0
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Caption:
    """What the chart is called, and in one sentence what it shows, for who does not see it."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Field:
    """Where values lie: so many columns side by side, from 0 at the bottom to `highest` at the top."""

    root: XML
    left: float
    top: float
    right: float
    bottom: float
    columns: int
    highest: float

    @property
    def step(self) -> float:
        """How wide a column is."""
        return (self.right - self.left) / max(self.columns, 1)

    def x(self, column: int) -> float:
        """The middle of a column."""
        return self.left + self.step * (column + 0.5)

    def y(self, value: float) -> float:
        """The height of a value."""
        return self.bottom - (self.bottom - self.top) * value / self.highest


def new_chart(caption: Caption, width: float, height: float, style: str) -> XML:
    """An empty chart. Arguments: style, the rules of its classes where no page brings them."""
    root = new_root("ch", (0, 0, width, height))
    root.set("aria-label", f"{caption.title}. {caption.description}")
    title(root, caption.title)
    add(root, "desc").text = caption.description
    if style:
        add(root, "style").text = style
    return root


def text(parent: XML, words: str, x: float, y: float, *, anchor: str = "start", kind: str = "ch-text") -> None:
    """A line of text; y is its base line."""
    add(
        parent, "text", class_=kind, font_size=SIZE, x=x, y=y, text_anchor=anchor if anchor != "start" else ""
    ).text = words


def line(parent: XML, kind: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A straight line of this class."""
    add(parent, "line", class_=kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def draw_axis(field: Field, marks: Sequence[float], told: Callable[[float], str]) -> None:
    """The lines across the field, each with its value at the left."""
    for mark in marks:
        line(field.root, "ch-grid", (field.left, field.y(mark)), (field.right, field.y(mark)))
        text(field.root, told(mark), field.left - _GAP, field.y(mark) + 4, anchor="end")


def draw_labels(field: Field, labels: Sequence[str]) -> None:
    """What the columns are called: as many names as fit side by side, the last one always."""
    widest = max((width_of(label, SIZE) for label in labels), default=0.0)
    every = max(1, -(-int(widest + 2 * _GAP) // max(1, int(field.step))))
    for place, label in enumerate(labels):
        if (len(labels) - 1 - place) % every == 0:
            text(field.root, label, field.x(place), field.bottom + LEADING + 2, anchor="middle")


def draw_names(field: Field, names: Sequence[str], lines: int) -> None:
    """What the columns are called, each name below its own in several lines."""
    for place, name in enumerate(names):
        for number, part in enumerate(wrapped(name, field.step - 2, SIZE, lines)):
            text(field.root, part, field.x(place), field.bottom + LEADING * (number + 1) + 2, anchor="middle")


def draw_line(field: Field, kind: str, values: Sequence[float | None]) -> None:
    """A line through the middles of the columns, interrupted where a value is missing."""
    part: list[str] = []
    for place, value in enumerate([*values, None]):
        if value is not None:
            part.append(f"{field.x(place):.1f},{field.y(value):.1f}")
            continue
        if len(part) > 1:
            add(field.root, "polyline", class_=kind, points=" ".join(part))
        part = []


def draw_point(field: Field, kind: str, place: tuple[float, float], told: str, radius: float = 3.5) -> None:
    """A point with the words that a pointer shows."""
    dot = add(field.root, "circle", class_=kind, cx=place[0], cy=place[1], r=radius)
    title(dot, told)
