"""What somebody wants done with the tokens of a case."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CancelActivity:
    """Withdraw an open activity, with all that runs inside it and waits on its boundary; by its id or its scope's."""

    activity_id: str


@dataclass(frozen=True, slots=True)
class StartBefore:
    """Put a token before an element. scope_id: in or below which open scope, where it runs several times."""

    element_id: str
    scope_id: str | None = None


@dataclass(frozen=True, slots=True)
class StartAfter:
    """Put a token behind an element, as if it had just been done. scope_id: as for `StartBefore`."""

    element_id: str
    scope_id: str | None = None


Instruction = CancelActivity | StartBefore | StartAfter
