"""From a DMN file to a drawing of what decisions require: as its author placed it, or laid out (DMN 1.5, 6.2, 13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.diagrams.auto_layout import lay_out
from app.diagrams.drawing import Drawing, Edge, Element, Shape
from app.diagrams.model import DECISION_NODES, Level, Model, local_name, parse_xml
from app.diagrams.reading import bounds_of, points_at
from app.svg import XML

_REQUIREMENTS = ("informationRequirement", "knowledgeRequirement", "authorityRequirement")
# Every version of DMN has namespaces of its own for the same names.
_ANY = "{*}"
_PLANE = "requirements"


def read_requirements(xml: bytes) -> Drawing:
    """The first diagram of a file; the whole of it is laid out anew when a node has no place.

    Arguments: the file's bytes. Raises UnreadableDiagram.
    """
    root = parse_xml(xml)
    model = _read_model(root)
    plane = root.find(f"{_ANY}DMNDI/{_ANY}DMNDiagram")
    placed = Drawing(tuple(_shapes(model, plane)), tuple(_edges(model, plane))) if plane is not None else Drawing()
    seen = {shape.element.id for shape in placed.shapes}
    return placed if seen.issuperset(model.levels[_PLANE].nodes) else _laid_out(model)


def _laid_out(model: Model) -> Drawing:
    """With decision services folded: what is inside them stands beside them."""
    drawing = lay_out(model)
    return replace(drawing, shapes=tuple(replace(shape, is_expanded=False) for shape in drawing.shapes))


def _read_model(root: XML) -> Model:
    """What is required comes before what requires it."""
    level = Level(_PLANE)
    model = Model(levels={_PLANE: level}, processes=[_PLANE])
    for entry in root.iterchildren(f"{_ANY}*"):
        name, identifier = local_name(entry), entry.get("id") or ""
        if name in DECISION_NODES:
            level.nodes.append(identifier)
            _read_requirements_of(model, level, entry, identifier)
        if name in DECISION_NODES or name in ("textAnnotation", "association"):
            text = " ".join("".join(map(str, entry.itertext())).split()) if name == "textAnnotation" else ""
            model.elements[identifier] = Element(identifier, name, entry.get("name") or "", text=text)
    return model


def _read_requirements_of(model: Model, level: Level, node: XML, node_id: str) -> None:
    for entry in node.iterchildren(*(f"{_ANY}{name}" for name in _REQUIREMENTS)):
        for required in entry.iterchildren(f"{_ANY}*"):
            if local_name(required).startswith("required"):
                identifier = entry.get("id") or f"{node_id} {len(level.flows)}"
                model.elements[identifier] = Element(identifier, local_name(entry))
                level.flows.append((identifier, _id_in(required.get("href")), node_id))


def _shapes(model: Model, plane: XML) -> Iterator[Shape]:
    for entry in plane.iterchildren(f"{_ANY}DMNShape"):
        element, area = model.elements.get(_id_in(entry.get("dmnElementRef"))), entry.find(f"{_ANY}Bounds")
        if element is not None and area is not None:
            yield Shape(element, bounds_of(area), is_expanded=entry.get("isCollapsed") != "true")


def _edges(model: Model, plane: XML) -> Iterator[Edge]:
    for entry in plane.iterchildren(f"{_ANY}DMNEdge"):
        element = model.elements.get(_id_in(entry.get("dmnElementRef")))
        points = points_at(entry.iterchildren(f"{_ANY}waypoint"))
        if element is not None and len(points) > 1:
            yield Edge(element, points)


def _id_in(reference: str | None) -> str:
    """Of `#id`, `namespace#id` and `prefix:id`."""
    return (reference or "").rpartition("#")[2].rpartition(":")[2]
