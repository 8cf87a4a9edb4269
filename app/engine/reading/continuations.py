"""Reading where a case goes on in a transaction of its own, and how its jobs are repeated."""

from __future__ import annotations

from app.engine.elements.continuation import Continuation
from app.engine.elements.flow_node import FlowNode
from app.engine.elements.repeated_activity import RepeatedActivity
from app.engine.reading.diagram import Diagram, extension, is_true, text_of
from app.engine.reading.xml_names import Element
from app.engine.retries import RetryRule, parse_retries
from app.engine.scopes import ScopeSpec
from app.i18n import N_

MOST_ATTEMPTS = 100


def add_continuations(diagram: Diagram, level: ScopeSpec, element: Element, node: FlowNode) -> None:
    """Put what holds tokens before and behind a node that asks for it, and say how its jobs are repeated."""
    node.retry = _retries(diagram, element)
    if isinstance(node, RepeatedActivity):
        node.inner.retry = node.retry
    if is_true(element, "camunda:asyncBefore"):
        node.before = Continuation(level, node, "before")
    if is_true(element, "camunda:asyncAfter"):
        node.after = Continuation(level, node, "after")


def _retries(diagram: Diagram, element: Element) -> RetryRule:
    """What camunda:failedJobRetryTimeCycle says; without it the server's rule."""
    entry = extension(element, "camunda:failedJobRetryTimeCycle")
    if entry is None:
        return RetryRule()
    rule = parse_retries(text_of(entry), MOST_ATTEMPTS)
    if rule is None:
        msgid = N_("Write how often and after which pauses: R3/PT10M, or PT1M,PT5M. At most %(most)s attempts.")
        diagram.refuse(entry, "retries", msgid, most=MOST_ATTEMPTS)
    return rule or RetryRule()
