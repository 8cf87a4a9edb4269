"""Diagrams drawn on the server: a case with its path and times, without scripts; a version with any marks."""

from datetime import timedelta
from functools import lru_cache
from typing import get_args

from babel.dates import format_timedelta
from markupsafe import Markup

from app.diagrams import Drawing, Mark, Marks, UnreadableDiagram, read_drawing, render
from app.diagrams.marks import MarkState
from app.extensions import db
from app.models.case_details import NodeRun, diagram_of, run_of
from app.models.display_names import definition_names
from app.models.user_task_place import AnyCase
from app.web.languages import locale
from app.web.texts import gettext

_SHORTEST_TOLD = timedelta(minutes=1)
_drawing_of = lru_cache(maxsize=64)(read_drawing)  # a definition never changes


def case_drawing(instance: AnyCase, label: str) -> Markup:
    """The drawing as inline SVG, in the reader's language; empty when the file cannot be drawn."""
    return definition_drawing(instance.definition_id, _marks(instance), label)


def definition_drawing(definition_id: str, marks: Marks, label: str) -> Markup:
    """The drawing of a version with any marks; empty when the file cannot be drawn."""
    xml = diagram_of(db.session(), definition_id)
    try:
        drawing = _drawing_of(xml or b"")
    except UnreadableDiagram:
        return Markup()
    # Texts of the model stand in text nodes that the XML library has escaped.
    return Markup(render(drawing, marks, label=label, names=_names(drawing, definition_id)))  # noqa: S704


def _marks(instance: AnyCase) -> Marks:
    run = run_of(db.session(), instance.id)
    elements = {element_id: _mark(node) for element_id, node in run.nodes.items()}
    words = {
        "done": gettext("done"), "active": gettext("now here"), "cancelled": gettext("cancelled"),
        "incident": gettext("incident"),
    }
    return Marks(elements, frozenset(run.flows), words)


def _mark(node: NodeRun) -> Mark:
    spent = timedelta(seconds=node.seconds)
    note = format_timedelta(spent, format="short", threshold=1.5, locale=locale()) if spent >= _SHORTEST_TOLD else ""
    state: MarkState = next((state for state in get_args(MarkState) if state == node.state), "")
    return Mark(state, node.count, note)


def _names(drawing: Drawing, definition_id: str) -> dict[str, str]:
    names = definition_names(db.session(), {definition_id})[definition_id]
    elements = [*(shape.element for shape in drawing.shapes), *(edge.element for edge in drawing.edges)]
    named = {element.id: names.element(element.id, element.name, locale()) for element in elements if element.name}
    pools = [element.id for element in elements if element.type == "participant"]
    return named | ({pools[0]: names.process(locale())} if len(pools) == 1 else {})
