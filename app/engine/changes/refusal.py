"""Why a case was not changed: all reasons at once, each with the element it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.errors import InvalidInput
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `msgid` is English with places for `params`; the place `element` is for the element's name."""

    element_id: str
    msgid: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % {"element": self.element_id, **self.params}


class ChangeRefused(InvalidInput):
    """The change is not possible; nothing was done. `reasons` are all that were found."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(N_("This change is not possible: %(reasons)s"), reasons="; ".join(map(str, self.reasons)))
