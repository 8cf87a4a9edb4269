"""Sequence flows."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.expressions import FeelText


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """A sequence flow between two nodes of the same scope (BPMN 2.0.2, 8.4.13)."""

    id: str
    name: str
    source: str
    target: str
    condition: FeelText | None
