"""Cancel: a transaction is given up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CancelEvent:
    """A cancel event definition: at an end in a transaction, and on its boundary (BPMN 2.0.2, 10.5.5)."""
