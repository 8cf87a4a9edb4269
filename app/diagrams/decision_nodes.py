"""Drawing what decisions are made of: decisions, input data, knowledge and its sources, services (DMN 1.5, 6.2.1)."""

from __future__ import annotations

from app.diagrams.drawing import Bounds, Point, Shape
from app.diagrams.svg import rectangle, sign, text_in
from app.diagrams.symbols import MARKERS
from app.svg import XML, add

_CUT, _WAVE, _MARKER = 12.0, 12.0, 14.0


def draw_decision_node(parent: XML, shape: Shape, name: str) -> None:
    """A node with its name inside."""
    at = shape.bounds
    inside = Bounds(at.x + 6, at.y + 2, at.width - 12, at.height - 4)
    match shape.element.type:
        case "inputData":
            rectangle(parent, at, at.height / 2, class_="dg-area", stroke_width=1.5)
        case "businessKnowledgeModel":
            _outline(parent, _with_two_cut_corners(at))
        case "knowledgeSource":
            _outline(parent, _with_wavy_foot(at))
        case "decisionService":
            kind = "dg-area dg-open" if shape.is_expanded else "dg-area"
            rectangle(parent, at, 14, class_=kind, stroke_width=3)
            if not shape.is_expanded:
                sign(parent, MARKERS["collapsed"], Point(at.centre.x - _MARKER / 2, at.bottom - _MARKER - 4), _MARKER)
        case _:
            rectangle(parent, at, class_="dg-area", stroke_width=1.5)
    text_in(parent, name, inside, is_top=shape.element.type == "decisionService" and shape.is_expanded)


def _outline(parent: XML, path: str) -> None:
    add(parent, "path", class_="dg-area", d=path, stroke_width=1.5, stroke_linejoin="round")


def _with_two_cut_corners(at: Bounds) -> str:
    """Upper left and lower right."""
    return f"M{at.x + _CUT} {at.y}H{at.right}V{at.bottom - _CUT}L{at.right - _CUT} {at.bottom}H{at.x}V{at.y + _CUT}Z"


def _with_wavy_foot(at: Bounds) -> str:
    foot, third = at.bottom - _WAVE / 2, at.width / 3
    return (
        f"M{at.x} {at.y}H{at.right}V{foot}"
        f"C{at.right - third} {foot - _WAVE} {at.x + third} {foot + _WAVE} {at.x} {foot}Z"
    )
