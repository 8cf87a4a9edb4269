"""Shapes and texts of a drawing as SVG."""

from __future__ import annotations

from app.diagrams.drawing import Bounds, Point
from app.svg import XML, add, new_root, number, width_of, wrapped

SIZE, SMALL = 12.0, 11.0
_LEADING = 1.2


def new_svg(view: Bounds) -> XML:
    """An empty drawing that shows this area."""
    return new_root("dg", (view.x, view.y, view.width, view.height))


def rectangle(parent: XML, at: Bounds, radius: float = 0.0, **attributes: object) -> None:
    """A rectangle with round corners of this radius."""
    add(parent, "rect", x=at.x, y=at.y, width=at.width, height=at.height, rx=radius or "", **attributes)


def circle(parent: XML, centre: Point, radius: float, **attributes: object) -> None:
    """A circle."""
    add(parent, "circle", cx=centre.x, cy=centre.y, r=radius, **attributes)


def sign(parent: XML, path: str, corner: Point, size: float, *, is_solid: bool = False) -> None:
    """A sign of `symbols` with its upper left corner here."""
    factor = size / 20
    place = f"translate({number(corner.x)} {number(corner.y)}) scale({factor:.3f})"
    kind = "dg-solid" if is_solid else "dg-sign"
    width = f"{1.3 / factor:.2f}"
    add(parent, "path", class_=kind, d=path, transform=place, stroke_width=width, stroke_linejoin="round")


def text_in(
    parent: XML, text: str, area: Bounds, *, size: float = SIZE, is_top: bool = False, kind: str = "dg-text"
) -> None:
    """A text in the middle of an area, in as many lines as fit; at its upper edge with is_top."""
    most = max(1, int(area.height / (size * _LEADING)))
    lines = wrapped(text, area.width, size, most)
    height = len(lines) * size * _LEADING
    top = area.y if is_top else area.y + (area.height - height) / 2
    whole = add(parent, "text", class_=kind, font_size=size, text_anchor="middle")
    for place, line in enumerate(lines):
        baseline = top + size + place * size * _LEADING
        add(whole, "tspan", x=area.centre.x, y=baseline).text = line


def upright_text(parent: XML, text: str, band: Bounds) -> None:
    """The name of a pool or lane, read from below."""
    line = "".join(wrapped(text, band.height - 8, SIZE, 1))
    x, y = band.centre.x + SIZE / 3, band.centre.y
    turn = f"rotate(-90 {number(x)} {number(y)})"
    add(parent, "text", class_="dg-text", font_size=SIZE, text_anchor="middle", x=x, y=y, transform=turn).text = line


def badge(parent: XML, text: str, centre: Point, *, kind: str = "dg-badge") -> None:
    """A short text on a ground of its own."""
    width = width_of(text, 10) + 10
    rectangle(parent, Bounds(centre.x - width / 2, centre.y - 8, width, 16), 8, class_=kind)
    place = {"x": centre.x, "y": centre.y + 3.5, "text_anchor": "middle", "font_size": 10}
    add(parent, "text", class_=f"{kind}-text", **place).text = text
