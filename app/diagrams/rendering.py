"""A drawing with its marks, as one SVG."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from app.diagrams.drawing import Bounds, Drawing, Edge, Point, Shape
from app.diagrams.edges import draw_edge
from app.diagrams.marks import Mark, Marks
from app.diagrams.model import CONTAINERS
from app.diagrams.nodes import draw_shape
from app.diagrams.svg import badge, new_svg
from app.svg import XML, add, title

_MARGIN = 20.0
_NOTHING = Mark()
_FRAMES = CONTAINERS | {"decisionService"}


def render(drawing: Drawing, marks: Marks, *, label: str, names: Mapping[str, str], style: str = "") -> str:
    """The drawing as SVG text; the page brings the style of its classes, unless it is given here.

    Arguments: label, what a screen reader says of the whole; names, element id -> name in the reader's language, where
    it is not the diagram's own.
    """
    around = drawing.bounds()
    view = Bounds(around.x - _MARGIN, around.y - _MARGIN, around.width + 2 * _MARGIN, around.height + 2 * _MARGIN)
    root = new_svg(view)
    title(root, label)
    if style:
        add(root, "style").text = style
    _draw(root, drawing, marks, names)
    return etree.tostring(root, encoding="unicode")


def _draw(root: XML, drawing: Drawing, marks: Marks, names: Mapping[str, str]) -> None:
    """What lies behind first: pools and open subprocesses, then lines, then all other shapes."""
    behind = [shape for shape in drawing.shapes if _is_behind(shape)]
    for shape in behind:
        _draw_shape(root, shape, marks, names)
    for edge in drawing.edges:
        _draw_edge(root, edge, marks, names)
    for shape in drawing.shapes:
        if not _is_behind(shape):
            _draw_shape(root, shape, marks, names)


def _is_behind(shape: Shape) -> bool:
    kind = shape.element.type
    return kind in {"participant", "lane", "group"} or (kind in _FRAMES and shape.is_expanded)


def _draw_edge(root: XML, edge: Edge, marks: Marks, names: Mapping[str, str]) -> None:
    element = edge.element
    group = add(root, "g", class_="is-taken" if element.id in marks.taken else "", data_element=element.id)
    draw_edge(group, edge, names.get(element.id, element.name))


def _draw_shape(root: XML, shape: Shape, marks: Marks, names: Mapping[str, str]) -> None:
    element = shape.element
    mark = marks.elements.get(element.id, _NOTHING)
    name = names.get(element.id, element.name)
    classes = [f"is-{mark.state}"] if mark.state else []
    classes += [f"is-heat-{mark.heat}"] if mark.heat else []
    group = add(root, "g", class_=" ".join(classes), data_element=element.id)
    if mark.state:
        title(group, f"{name or element.id}: {marks.words.get(mark.state, mark.state)}")
    draw_shape(group, shape, name)
    if mark.count > 1:
        badge(group, f"{mark.count}×", Point(shape.bounds.right - 4, shape.bounds.y))
    if mark.note:
        badge(group, mark.note, Point(shape.bounds.centre.x, shape.bounds.bottom), kind="dg-note")
