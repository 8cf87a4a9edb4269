"""What may stand in a diagram: a verdict for each element, attribute and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.i18n import N_

Verdict = Literal["executed", "kept", "refused"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The verdict on one attribute or child element.

    only: the values that are accepted, where not all are. instead: what to do when it is refused.
    """

    verdict: Verdict
    only: tuple[str, ...] = ()
    instead: str = ""


EXECUTED = Rule("executed")
KEPT = Rule("kept")  # stored with the diagram, without effect on the case


def only(*values: str, instead: str = "") -> Rule:
    """Executed with these values, which are BPMN's defaults or mean the same; refused with others."""
    return Rule("executed", only=values, instead=instead)


def refused(instead: str) -> Rule:
    """Refused, with what to do instead."""
    return Rule("refused", instead=instead)


Parts = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What an element may have: attributes by name, children as `<prefix:name>`."""

    parts: Parts = field(default_factory=dict)
    is_kept_whole: bool = False  # nothing inside is looked at


def parts(*groups: Parts, **own: Rule) -> dict[str, Rule]:
    """Groups of rules and some of one's own put together; later ones win."""
    merged: dict[str, Rule] = {}
    for group in groups:
        merged.update(group)
    merged.update(own)
    return merged


def inside(*names: str, rule: Rule = EXECUTED) -> dict[str, Rule]:
    """Children that are allowed."""
    return {f"<{name}>": rule for name in names}


MISPLACED = refused(N_("It cannot stand at this place. Move or remove it."))
UNKNOWN = refused(N_("It is unknown here. Remove it, or check its spelling."))
