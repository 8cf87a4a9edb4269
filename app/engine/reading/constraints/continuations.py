"""Where a case can go on in a transaction of its own, and where there is a job to repeat (Camunda 7)."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import DrawnLevel, is_compensation, is_event_subprocess, levels
from app.engine.reading.diagram import Diagram, child, extension, is_true
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_NO_WAY_OUT_TO_HOLD = frozenset({"bpmn:complexGateway", "bpmn:eventBasedGateway"})


def check_continuations(diagram: Diagram) -> None:
    """Refuse what would have no effect."""
    for level in levels(diagram):
        for node in level.nodes.values():
            _check_before(diagram, level, node)
            if is_true(node, "camunda:asyncAfter") and (
                tag(node) in _NO_WAY_OUT_TO_HOLD or is_event_subprocess(node) or is_compensation(node)
            ):
                msgid = N_("Nothing can be held behind this element. Set camunda:asyncBefore at what follows.")
                diagram.refuse(node, "async_place", msgid)
            _check_retries(diagram, level, node)


def _check_before(diagram: Diagram, level: DrawnLevel, node: Element) -> None:
    if not is_true(node, "camunda:asyncBefore"):
        return
    begins_by_itself = (
        tag(node) == "bpmn:boundaryEvent"
        or is_event_subprocess(node)
        or (is_event_subprocess(level.element) and tag(node) == "bpmn:startEvent")
        or is_compensation(node)
        or tag(level.element) == "bpmn:adHocSubProcess"
        or any(tag(level.source(flow)) == "bpmn:eventBasedGateway" for flow in level.flows_into(node))
    )
    if begins_by_itself:
        msgid = N_("Nothing can be held before this element. Use camunda:asyncAfter, or remove it.")
        diagram.refuse(node, "async_place", msgid)


def _check_retries(diagram: Diagram, level: DrawnLevel, node: Element) -> None:
    entry = extension(node, "camunda:failedJobRetryTimeCycle")
    has_job = (
        tag(node) == "bpmn:serviceTask"
        or any(is_true(node, f"camunda:{name}") for name in ("asyncBefore", "asyncAfter"))
        or _is_timer_of_a_case(level, node)
    )
    if entry is not None and not has_job:
        msgid = N_("There is no job here that could be repeated. Set camunda:asyncBefore, or remove it.")
        diagram.refuse(entry, "retries_place", msgid)


def _is_timer_of_a_case(level: DrawnLevel, node: Element) -> bool:
    """One that waits in a case; what starts a case has no step that could fail before there is one."""
    starts_a_case = tag(node) == "bpmn:startEvent" and tag(level.element) == "bpmn:process"
    return not starts_a_case and child(node, "bpmn:timerEventDefinition") is not None
