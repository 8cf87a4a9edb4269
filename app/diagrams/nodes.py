"""Drawing shapes: activities, events, gateways, pools, data and annotations (BPMN 2.0.2, clauses 10 and 12)."""

from __future__ import annotations

from app.diagrams.decision_nodes import draw_decision_node
from app.diagrams.drawing import Bounds, Element, Point, Shape
from app.diagrams.model import ACTIVITIES, CONTAINERS, DECISION_NODES, GATEWAYS, THROWING
from app.diagrams.svg import SMALL, circle, rectangle, sign, text_in, upright_text
from app.diagrams.symbols import ACTIVITY_SIGNS, ALWAYS_FILLED, EVENT_SIGNS, GATEWAY_SIGNS, MARKERS
from app.svg import XML, add

_SIGN, _MARKER = 18.0, 14.0


def draw_shape(parent: XML, shape: Shape, name: str) -> None:
    """A shape with its name, in the reader's language, inside or outside."""
    kind = shape.element.type
    if kind in {"participant", "lane"}:
        _pool(parent, shape, name)
    elif kind in ACTIVITIES:
        _activity(parent, shape, name)
    elif kind in DECISION_NODES:
        draw_decision_node(parent, shape, name)
    elif kind in GATEWAYS:
        _gateway(parent, shape.element, shape.bounds)
        _outer_label(parent, shape, name)
    elif kind.endswith("Event"):
        _event(parent, shape.element, shape.bounds)
        _outer_label(parent, shape, name)
    else:
        _artifact(parent, shape, name)


def _pool(parent: XML, shape: Shape, name: str) -> None:
    at = shape.bounds
    rectangle(parent, at, class_="dg-frame", stroke_width=1.2)
    if shape.is_horizontal:
        upright_text(parent, name, Bounds(at.x, at.y, 30, at.height))
    else:
        text_in(parent, name, Bounds(at.x, at.y, at.width, 30))


def _activity(parent: XML, shape: Shape, name: str) -> None:
    element, at = shape.element, shape.bounds
    dashes = "3 3" if "event_subprocess" in element.markers else ""
    width = 3.5 if element.type == "callActivity" else 1.5
    is_open = element.type in CONTAINERS and shape.is_expanded
    kind = "dg-area dg-open" if is_open else "dg-area"
    rectangle(parent, at, 10, class_=kind, stroke_width=width, stroke_dasharray=dashes)
    if element.type == "transaction":
        inner = Bounds(at.x + 3, at.y + 3, at.width - 6, at.height - 6)
        rectangle(parent, inner, 8, class_="dg-sign", stroke_width=1)
    if element.type in ACTIVITY_SIGNS:
        path, is_solid = ACTIVITY_SIGNS[element.type], element.type == "sendTask"
        sign(parent, path, Point(at.x + 5, at.y + 5), _SIGN, is_solid=is_solid)
    inside = Bounds(at.x + 6, at.y + (6 if is_open else 2), at.width - 12, 16 if is_open else at.height - 4)
    text_in(parent, name, inside, is_top=is_open)
    _markers(parent, shape)


def _markers(parent: XML, shape: Shape) -> None:
    """At the lower edge, side by side."""
    paths = [MARKERS[marker] for marker in shape.element.markers if marker in MARKERS]
    if shape.element.type in CONTAINERS and not shape.is_expanded:
        paths.insert(0, MARKERS["collapsed"])
    left = shape.bounds.centre.x - len(paths) * (_MARKER + 2) / 2
    for number, path in enumerate(paths):
        sign(parent, path, Point(left + number * (_MARKER + 2), shape.bounds.bottom - _MARKER - 3), _MARKER)


def _event(parent: XML, element: Element, at: Bounds) -> None:
    radius = min(at.width, at.height) / 2
    dashes = "4 3" if element.is_light else ""
    width = 3.5 if element.type == "endEvent" else 1.5
    circle(parent, at.centre, radius, class_="dg-area", stroke_width=width, stroke_dasharray=dashes)
    if element.type not in {"startEvent", "endEvent"}:
        circle(parent, at.centre, radius - 3.5, class_="dg-sign", stroke_width=1.5, stroke_dasharray=dashes)
    if element.events:
        kind = element.events[0] if len(element.events) == 1 else "multiple"
        size = radius * 1.15
        corner = Point(at.centre.x - size / 2, at.centre.y - size / 2)
        is_solid = element.type in THROWING or kind in ALWAYS_FILLED
        sign(parent, EVENT_SIGNS.get(kind, EVENT_SIGNS["multiple"]), corner, size, is_solid=is_solid)


def _gateway(parent: XML, element: Element, at: Bounds) -> None:
    middle = at.centre
    corners = f"{middle.x},{at.y} {at.right},{middle.y} {middle.x},{at.bottom} {at.x},{middle.y}"
    add(parent, "polygon", class_="dg-area", points=corners, stroke_width=1.5, stroke_linejoin="round")
    size = at.width * 0.46
    sign(parent, GATEWAY_SIGNS[element.type], Point(middle.x - size / 2, middle.y - size / 2), size)


def _outer_label(parent: XML, shape: Shape, name: str) -> None:
    if not name:
        return
    at = shape.bounds
    area = shape.label or Bounds(at.centre.x - 45, at.bottom + 3, 90, 28)
    # Whatever the author's language, the reader's may need more room.
    wide = Bounds(area.centre.x - max(area.width, 90) / 2, area.y, max(area.width, 90), max(area.height, 27))
    text_in(parent, name, wide, size=SMALL, is_top=True, kind="dg-outer")


def _artifact(parent: XML, shape: Shape, name: str) -> None:
    at, kind = shape.bounds, shape.element.type
    if kind == "textAnnotation":
        bracket = f"M{at.x + 12} {at.y}H{at.x}V{at.bottom}H{at.x + 12}"
        add(parent, "path", class_="dg-line", d=bracket, stroke_width=1.2)
        text_in(parent, shape.element.text, Bounds(at.x + 6, at.y, at.width - 8, at.height), size=SMALL)
    elif kind == "group":
        rectangle(parent, at, 10, class_="dg-group", stroke_width=1.2, stroke_dasharray="8 4 2 4")
    elif kind.startswith("dataStore"):
        _data_store(parent, at)
        _outer_label(parent, shape, name)
    elif kind.startswith("data"):
        fold, below = at.right - 10, at.y + 10
        sheet = f"M{at.x} {at.y}H{fold}L{at.right} {below}V{at.bottom}H{at.x}Z M{fold} {at.y}V{below}H{at.right}"
        add(parent, "path", class_="dg-area", d=sheet, stroke_width=1.3)
        _outer_label(parent, shape, name)


def _data_store(parent: XML, at: Bounds) -> None:
    half, lid = at.width / 2, at.height * 0.14
    arc = f"a{half} {lid} 0 0 0 {at.width} 0"
    body = f"M{at.x} {at.y + lid}V{at.bottom - lid}{arc}V{at.y + lid}"
    top = f"M{at.x} {at.y + lid}{arc}a{half} {lid} 0 0 0 {-at.width} 0"
    add(parent, "path", class_="dg-area", d=f"{body} {top}", stroke_width=1.3)
