"""Activities that need or send several tokens (BPMN 2.0.2, 10.3)."""

from __future__ import annotations

from app.engine.reading.constraints.drawn_level import DrawnLevel, levels
from app.engine.reading.constraints.kinds import ACTIVITIES
from app.engine.reading.diagram import Diagram, attribute
from app.engine.reading.xml_names import Element
from app.i18n import N_

MOST = 1_000  # tokens at once; more is a slip of the pen


def check_quantities(diagram: Diagram) -> None:
    """The tokens must come from somewhere, and be as many as an engine can hold."""
    for level in levels(diagram):
        for activity in level.of(*ACTIVITIES):
            _check(diagram, level, activity)


def _check(diagram: Diagram, level: DrawnLevel, activity: Element) -> None:
    for name in ("startQuantity", "completionQuantity"):
        if int(attribute(activity, name) or "1") > MOST:
            msgid = N_("%(attribute)s can be at most %(limit)s.")
            diagram.refuse(activity, "quantity", msgid, attribute=name, limit=MOST)
    if int(attribute(activity, "startQuantity") or "1") > 1 and not level.flows_into(activity):
        msgid = N_("startQuantity needs sequence flows that bring the tokens. Remove it, or connect the activity.")
        diagram.refuse(activity, "start_quantity", msgid)
