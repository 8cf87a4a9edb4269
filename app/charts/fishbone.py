"""Ishikawa's cause-and-effect diagram: what a problem came from, sorted into the five categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts.plot import LEADING, NARROW, SIZE, WIDE, Caption, line, new_chart, text
from app.svg import XML, add, width_of, wrapped, written

MOST_CAUSES = 5  # a bone has room for; the table beside the drawing has all
_HALF, _HEAD = 118.0, 118.0  # height of a side, width of the head
_SLANT = 34.0


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause and how often it was found."""

    name: str
    count: int

    def __str__(self) -> str:
        return f"{self.name} ×{self.count}" if self.count > 1 else self.name


@dataclass(frozen=True, slots=True)
class Bone:
    """A category (people, machine, material, method, environment) with its causes, the most frequent first."""

    name: str
    causes: tuple[Cause, ...]


def fishbone_svg(effect: str, bones: Sequence[Bone], caption: Caption, *, width: float = WIDE, style: str = "") -> str:
    """The diagram as SVG text; where there is little room the spine stands and all bones are at its right."""
    if width <= NARROW:
        return _standing(effect, bones, caption, width, style)
    return _lying(effect, bones, caption, width, style)


def _lying(effect: str, bones: Sequence[Bone], caption: Caption, width: float, style: str) -> str:
    height = 2 * _HALF + 2 * LEADING + 12
    root = new_chart(caption, width, height, style)
    middle, right = height / 2, width - _HEAD
    line(root, "ch-spine", (6, middle), (right, middle))
    add(root, "rect", class_="ch-head", x=right, y=middle - 34, width=_HEAD - 2, height=68, rx=6)
    _draw_lines(root, wrapped(effect, _HEAD - 16, SIZE, 4), (right + _HEAD / 2 - 1, middle), "middle")
    above = (len(bones) + 1) // 2
    for place, bone in enumerate(bones):
        is_above = place < above
        row, many = (place, above) if is_above else (place - above, len(bones) - above)
        room = (right - 10) / many
        _draw_bone(root, bone, (8 + room * row, middle, room - 10), -1.0 if is_above else 1.0)
    return written(root)


def _draw_bone(root: XML, bone: Bone, place: tuple[float, float, float], side: float) -> None:
    """A slanted line to the spine with the category at its end and its causes along it."""
    left, middle, room = place
    foot, tip = left + room, left + room - _SLANT
    end = middle + side * _HALF
    line(root, "ch-bone", (tip, end), (foot, middle))
    text(root, bone.name, tip, end + (side * 14 if side > 0 else -6), anchor="middle", kind="ch-strong")
    for number, cause in enumerate(bone.causes[:MOST_CAUSES]):
        along = (number + 0.7) / (MOST_CAUSES + 0.4)
        x, y = tip + _SLANT * along, end - side * _HALF * along
        words = wrapped(str(cause), x - left - 2, SIZE, 1)
        for part in words:
            line(root, "ch-twig", (x - width_of(part, SIZE) - 8, y + 4), (x, y + 4))
            text(root, part, x - 6, y, anchor="end")


def _standing(effect: str, bones: Sequence[Bone], caption: Caption, width: float, style: str) -> str:
    rows = sum(len(bone.causes[:MOST_CAUSES]) + 1 for bone in bones)
    head = wrapped(effect, width - 16, SIZE, 3)
    top = LEADING * len(head) + 14
    root = new_chart(caption, width, top + rows * 20 + len(bones) * 10 + 4, style)
    add(root, "rect", class_="ch-head", x=0, y=0, width=width, height=top, rx=6)
    _draw_lines(root, head, (width / 2, top / 2), "middle")
    y = top + 6
    spine = add(root, "line", class_="ch-spine", x1=12.0, x2=12.0, y1=top, y2=y)
    for bone in bones:
        y += 20
        line(root, "ch-bone", (12, y - 10), (28, y - 4))
        text(root, bone.name, 32, y, kind="ch-strong")
        spine.set("y2", f"{y - 10:.1f}")
        for cause in bone.causes[:MOST_CAUSES]:
            y += 20
            line(root, "ch-twig", (34, y - 4), (46, y - 4))
            text(root, wrapped(str(cause), width - 50, SIZE, 1)[0], 50, y)
        y += 10
    return written(root)


def _draw_lines(root: XML, lines: Sequence[str], centre: tuple[float, float], anchor: str) -> None:
    first = centre[1] - LEADING * (len(lines) - 1) / 2 + 4
    for number, part in enumerate(lines):
        text(root, part, centre[0], first + LEADING * number, anchor=anchor, kind="ch-head-text")
