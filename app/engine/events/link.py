"""Links: the names by which jumps find where they arrive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """A link event definition (BPMN 2.0.2, 10.5.5)."""

    name: str
