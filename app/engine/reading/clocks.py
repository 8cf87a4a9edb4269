"""Reading the clocks of a process: aftercare:clock in its bpmn:extensionElements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from app.engine.clocks import Clock, ClockMark, Mark, number_of_days
from app.engine.elements.flow_node import FlowNode
from app.engine.expressions import Literal, TextOrFeel
from app.engine.reading.diagram import Diagram, attribute, child, children, names_in
from app.engine.reading.xml_names import Element
from app.i18n import N_


def read_clocks(diagram: Diagram, process: Element, nodes: Iterable[FlowNode]) -> dict[str, Clock]:
    """The clocks by their ids; the nodes at which something happens to them are told so.

    Refused by line: unknown elements, a limit that is no number of working days, a clock nothing starts or stops.
    """
    holder = child(process, "bpmn:extensionElements")
    by_id = {node.name: node for node in nodes}
    clocks: dict[str, Clock] = {}
    for element in children(holder, "aftercare:clock") if holder is not None else ():
        clock = _clock(diagram, element)
        clocks[clock.id] = clock
        for mark in get_args(Mark):
            for node in _named(diagram, element, mark, by_id):
                _put(node, ClockMark(clock, mark))
    return clocks


def _put(node: FlowNode, mark: ClockMark) -> None:
    """Where a job comes behind the node, it is through only when the job has let it go on."""
    node.clock_marks += (mark,)
    if node.after is not None and not (node.is_activity and mark.mark == "start"):
        node.after.clock_marks += (mark,)


def _clock(diagram: Diagram, element: Element) -> Clock:
    identifier = attribute(element, "id") or ""
    if not identifier.isidentifier():
        msgid = N_("The id of a clock, “%(id)s”, becomes part of a variable: write letters, digits and _ only.")
        diagram.refuse(element, "clock", msgid, id=identifier)
    limit = _days(diagram, element, "limit")
    if limit is None:
        diagram.refuse(element, "clock", N_("A clock needs a limit: a number of working days, or FEEL after “=”."))
    return Clock(
        id=identifier,
        name=attribute(element, "name") or identifier,
        limit=limit or Literal("1"),
        warn=_days(diagram, element, "warn"),
        escalate_groups=tuple(names_in(attribute(element, "escalate"))),
        pause_groups=tuple(names_in(attribute(element, "pausers"))),
    )


def _days(diagram: Diagram, element: Element, name: str) -> TextOrFeel | None:
    text = diagram.attribute_or_feel(element, name)
    if isinstance(text, Literal) and number_of_days(text.value) is None:
        msgid = N_("The %(attribute)s of a clock is a number of working days greater than zero, not “%(value)s”.")
        diagram.refuse(element, "clock", msgid, attribute=name, value=text.value)
    return text


def _named(diagram: Diagram, element: Element, mark: Mark, by_id: dict[str, FlowNode]) -> list[FlowNode]:
    """The steps that `starts`, `stops` or `withdraws` names, by id and separated by blanks or commas."""
    name = f"{mark}s"
    wanted = names_in(attribute(element, name))
    if not wanted and mark != "withdraw":
        diagram.refuse(element, "clock", N_("A clock says in %(attribute)s at which steps it does so."), attribute=name)
    for identifier in wanted:
        if identifier not in by_id:
            msgid = N_("%(attribute)s of the clock names “%(id)s”, which is no step of this process.")
            diagram.refuse(element, "clock", msgid, attribute=name, id=identifier)
    return [by_id[identifier] for identifier in wanted if identifier in by_id]
