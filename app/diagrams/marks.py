"""What is shown on a drawing besides the drawing: the path of a case, times, heat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MarkState = Literal["", "done", "active", "incident", "cancelled"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of an element.

    count: how often it was entered; shown from 2 on. note: a short text below it, such as a duration. heat: from 1 to
    5, how much happens there compared with the busiest; 0 where nothing does or no heat is shown.
    """

    state: MarkState = ""
    count: int = 0
    note: str = ""
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """Element id -> its mark; taken: ids of the sequence flows that were taken. words: how a state is called."""

    elements: Mapping[str, Mark] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
