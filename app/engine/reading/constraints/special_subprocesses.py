"""Transactions and ad-hoc subprocesses: what they must have and must not have."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import DrawnLevel, has_definition, levels
from app.engine.reading.constraints.kinds import ACTIVITIES
from app.engine.reading.diagram import Diagram, attribute, children
from app.engine.reading.xml_names import Element, tag
from app.i18n import N_

_LOOPS = ("bpmn:multiInstanceLoopCharacteristics", "bpmn:standardLoopCharacteristics")
_ONE_WAY_OUT = frozenset({"bpmn:eventBasedGateway", "bpmn:exclusiveGateway"})


def check_special_subprocesses(diagram: Diagram) -> None:
    """Check all levels and the transactions on them."""
    for level in levels(diagram):
        for transaction in level.of("bpmn:transaction"):
            _check_transaction(diagram, level, transaction)
        if tag(level.element) == "bpmn:adHocSubProcess":
            _check_ad_hoc(diagram, level)


def _check_transaction(diagram: Diagram, level: DrawnLevel, transaction: Element) -> None:
    """What is cancelled goes on at its cancel event, of which there is one (BPMN 2.0.2, 10.3.5 and 10.5.4)."""
    hosted = [
        event for event in level.of("bpmn:boundaryEvent") if attribute(event, "attachedToRef") == transaction.get("id")
    ]
    exits = [event for event in hosted if has_definition(event, "cancel")]
    for event in exits[1:]:
        diagram.refuse(event, "cancel_twice", N_("A transaction has one cancel event on its boundary. Keep one."))
    if not any(has_definition(event, "cancel") for event in children(transaction, "bpmn:endEvent")):
        return
    if not exits:
        msgid = N_("The transaction can be cancelled, but nothing follows. Put a cancel event on its boundary.")
        diagram.refuse(transaction, "no_cancel_event", msgid)
    if children(transaction, *_LOOPS):
        msgid = N_("A transaction that can be cancelled is not repeated itself. Repeat a subprocess around it.")
        diagram.refuse(transaction, "repeated_transaction", msgid)


def _check_ad_hoc(diagram: Diagram, level: DrawnLevel) -> None:
    """BPMN 2.0.2, 10.3.5: it has activities; in sequential order one is open at a time."""
    if not level.of(*ACTIVITIES):
        msgid = N_("An ad-hoc subprocess has at least one activity. Draw it.")
        diagram.refuse(level.element, "ad_hoc_empty", msgid)
    if attribute(level.element, "ordering") != "Sequential":
        return
    for node in level.nodes.values():
        if len(level.flows_out_of(node)) > 1 and tag(node) not in _ONE_WAY_OUT:
            msgid = N_("In sequential order only one activity is open at a time, but several ways lead out of here.")
            diagram.refuse(node, "ad_hoc_split", msgid)
