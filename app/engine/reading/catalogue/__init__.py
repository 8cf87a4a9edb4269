"""Every element that is read, with its attributes and what may stand inside it. `docs/bpmn.md` shows this table."""

from __future__ import annotations

from collections.abc import Mapping

from app.engine.reading.catalogue.activities import ACTIVITIES
from app.engine.reading.catalogue.data import DATA
from app.engine.reading.catalogue.events import EVENTS
from app.engine.reading.catalogue.extensions import EXTENSION_ELEMENTS, EXTENSIONS
from app.engine.reading.catalogue.gateways import GATEWAYS
from app.engine.reading.catalogue.structure import STRUCTURE
from app.engine.reading.refusals import ATTRIBUTES, ELEMENTS, PLACES, VALUES
from app.engine.reading.rules import EXECUTED, MISPLACED, UNKNOWN, ElementRule, Rule, refused

CATALOGUE: Mapping[str, ElementRule] = {
    **STRUCTURE,
    **ACTIVITIES,
    **GATEWAYS,
    **EVENTS,
    **DATA,
    **EXTENSION_ELEMENTS,
}


def child_rule(parent: str, name: str) -> Rule:
    """The verdict on an element inside another; `parent` is the owner where it stands in extensionElements."""
    if name in EXTENSIONS and parent in EXTENSIONS[name]:
        return EXECUTED
    rule = CATALOGUE[parent].parts.get(f"<{name}>") if parent in CATALOGUE else None
    if rule is not None:
        return rule
    if (parent, name) in PLACES:
        return refused(PLACES[parent, name])
    if name in ELEMENTS:
        return refused(ELEMENTS[name])
    return MISPLACED if name in CATALOGUE else UNKNOWN


def attribute_rule(element: str, name: str) -> Rule:
    """The verdict on an attribute of an element that is read."""
    rule = CATALOGUE[element].parts.get(name)
    if rule is not None:
        return Rule(rule.verdict, rule.only, rule.instead or VALUES.get(name, "")) if rule.only else rule
    return refused(ATTRIBUTES[name]) if name in ATTRIBUTES else UNKNOWN
