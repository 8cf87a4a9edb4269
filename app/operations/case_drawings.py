"""Diagrams drawn for pages, documents and mails: a case with its path and times, a version with any marks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import get_args

from babel.dates import format_timedelta
from sqlalchemy.orm import Session

from app.diagrams import PAPER, Drawing, Mark, Marks, UnreadableDiagram, read_drawing, read_requirements, render
from app.diagrams.marks import MarkState
from app.i18n import N_, translations
from app.models.case_details import NodeRun, diagram_of, run_of, visible_instance
from app.models.display_names import definition_names
from app.models.user_task_place import AnyCase

# How what became of an element is called.
STATE_WORDS: Mapping[str, str] = {
    "done": N_("done"), "active": N_("now here"), "cancelled": N_("cancelled"), "incident": N_("incident"),
}  # fmt: skip
LABEL = N_("Diagram of %(process)s with the path of case %(number)s")
_SHORTEST_TOLD = timedelta(minutes=1)
_drawing_of = lru_cache(maxsize=64)(read_drawing)  # a definition never changes


@dataclass(frozen=True, slots=True)
class LabelledDrawing:
    """A drawing in light colours of its own (SVG), and what is said to who does not see it."""

    svg: str
    label: str


def drawing_for(session: Session, user_id: str, instance_id: str, locale: str) -> LabelledDrawing | None:
    """The drawing of a case for a person; None where that person may not see it, or it cannot be drawn."""
    instance = visible_instance(session, user_id, instance_id)
    if instance is None:
        return None
    catalog = translations(locale)
    process = definition_names(session, {instance.definition_id})[instance.definition_id].process(locale)
    label = catalog.gettext(LABEL) % {"process": process, "number": instance.case_number}
    svg = draw_case(session, instance, label, locale=locale, gettext=catalog.gettext, style=PAPER)
    return LabelledDrawing(svg, label) if svg else None


def draw_case(
    session: Session,
    instance: AnyCase,
    label: str,
    *,
    locale: str,
    gettext: Callable[[str], str],
    style: str = "",
) -> str:
    """The diagram of a case with its path and times as SVG text; empty when the file cannot be drawn.

    Arguments: gettext, the catalog of `locale`; style, where no page brings one.
    """
    run = run_of(session, instance.id)
    elements = {element_id: _mark(node, locale) for element_id, node in run.nodes.items()}
    words = {state: gettext(word) for state, word in STATE_WORDS.items()}
    marks = Marks(elements, frozenset(run.flows), words)
    return draw_definition(session, instance.definition_id, marks, label, locale=locale, style=style)


def draw_definition(
    session: Session, definition_id: str, marks: Marks, label: str, *, locale: str, style: str = ""
) -> str:
    """The diagram of a version with any marks as SVG text; empty when the file cannot be drawn."""
    xml = diagram_of(session, definition_id)
    try:
        drawing = _drawing_of(xml or b"")
    except UnreadableDiagram:
        return ""
    return render(drawing, marks, label=label, names=_names(session, drawing, definition_id, locale), style=style)


def draw_requirements(content: bytes, label: str, *, style: str = "") -> str:
    """What the decisions of a DMN file require, as SVG text; empty when the file cannot be drawn."""
    try:
        return render(read_requirements(content), Marks(), label=label, names={}, style=style)
    except UnreadableDiagram:
        return ""


def told_duration(spent: timedelta, locale: str) -> str:
    """A time spent, as short as a drawing needs it; empty below a minute."""
    return format_timedelta(spent, format="short", threshold=1.5, locale=locale) if spent >= _SHORTEST_TOLD else ""


def _mark(node: NodeRun, locale: str) -> Mark:
    state: MarkState = next((state for state in get_args(MarkState) if state == node.state), "")
    return Mark(state, node.count, told_duration(timedelta(seconds=node.seconds), locale))


def _names(session: Session, drawing: Drawing, definition_id: str, locale: str) -> dict[str, str]:
    names = definition_names(session, {definition_id})[definition_id]
    elements = [*(shape.element for shape in drawing.shapes), *(edge.element for edge in drawing.edges)]
    named = {element.id: names.element(element.id, element.name, locale) for element in elements if element.name}
    pools = [element.id for element in elements if element.type == "participant"]
    return named | ({pools[0]: names.process(locale)} if len(pools) == 1 else {})
