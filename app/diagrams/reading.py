"""From a BPMN file to a drawing: as its author placed things (BPMN 2.0.2, 12), or laid out where nothing is placed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.diagrams.auto_layout import lay_out
from app.diagrams.drawing import Bounds, Drawing, Edge, Point, Shape
from app.diagrams.model import CONTAINERS, Model, parse_xml, read_model
from app.svg import XML

_BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DI = "{http://www.omg.org/spec/DD/20100524/DI}"


def read_drawing(xml: bytes) -> Drawing:
    """The first diagram of a file; the whole of it is laid out anew when a flow node has no place.

    Arguments: the file's bytes. Raises UnreadableDiagram.
    """
    root = parse_xml(xml)
    model = read_model(root)
    plane = root.find(f"{_BPMNDI}BPMNDiagram/{_BPMNDI}BPMNPlane")
    if plane is None:
        return lay_out(model)
    drawing = Drawing(tuple(_shapes(model, plane)), tuple(_edges(model, plane)))
    return drawing if _is_complete(model, drawing) else lay_out(model)


def _shapes(model: Model, plane: XML) -> Iterator[Shape]:
    for entry in plane.iterchildren(f"{_BPMNDI}BPMNShape"):
        element = model.elements.get(_reference(entry))
        area = entry.find(f"{_DC}Bounds")
        if element is not None and area is not None:
            expanded = entry.get("isExpanded")
            is_expanded = expanded == "true" if expanded is not None else element.type not in CONTAINERS
            is_horizontal = entry.get("isHorizontal", "true") == "true"
            yield Shape(element, bounds_of(area), _label(entry), is_expanded, is_horizontal)


def _edges(model: Model, plane: XML) -> Iterator[Edge]:
    for entry in plane.iterchildren(f"{_BPMNDI}BPMNEdge"):
        element = model.elements.get(_reference(entry))
        points = points_at(entry.iterchildren(f"{_DI}waypoint"))
        if element is not None and len(points) > 1:
            yield Edge(element, points, _label(entry))


def _reference(entry: XML) -> str:
    return (entry.get("bpmnElement") or "").rpartition(":")[2]


def _label(entry: XML) -> Bounds | None:
    area = entry.find(f"{_BPMNDI}BPMNLabel/{_DC}Bounds")
    return None if area is None else bounds_of(area)


def bounds_of(area: XML) -> Bounds:
    """The rectangle that an element of diagram interchange gives."""
    return Bounds(*(_coordinate(area, name) for name in ("x", "y", "width", "height")))


def points_at(waypoints: Iterable[XML]) -> tuple[Point, ...]:
    """Where diagram interchange leads an edge along."""
    return tuple(Point(_coordinate(point, "x"), _coordinate(point, "y")) for point in waypoints)


def _coordinate(entry: XML, name: str) -> float:
    """A coordinate; what is no number stands at the corner rather than breaking the page."""
    try:
        number = float(entry.get(name) or 0)
    except ValueError:
        return 0
    return number if abs(number) < 1_000_000 else 0  # also not for infinity and nan


def _is_complete(model: Model, drawing: Drawing) -> bool:
    """Whether every flow node that should be seen has its place; what is folded away need not."""
    placed = {shape.element.id: shape for shape in drawing.shapes}
    pending = [model.levels[process] for process in model.processes]
    while pending:
        level = pending.pop()
        for node in level.nodes:
            shape = placed.get(node)
            if shape is None:
                return False
            if node in model.levels and shape.is_expanded:
                pending.append(model.levels[node])
    return True
