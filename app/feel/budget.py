"""How much one evaluation may use before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one evaluation; passing one raises `BudgetExceeded` with the field's name.

    steps: iterations, calls and list elements visited.
    depth: FEEL functions calling each other.
    size: elements in one list or context, everything nested in it included.
    digits: places of one number when it is written out.
    string_length: code points of one string.
    regex_length: code points of one pattern.
    seconds: of the processor, in the thread that evaluates.
    """

    steps: int = 1_000_000
    depth: int = 64
    size: int = 100_000
    digits: int = 1_000
    string_length: int = 1_000_000
    regex_length: int = 1_000
    seconds: float = 2.0


DEFAULT_BUDGET = Budget()
