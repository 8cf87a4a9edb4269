"""What is wrong with a diagram: each problem with its element and line, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.errors import InvalidInput
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a diagram.

    `msgid` is English with `%(name)s` places for `params`; `advice` a second text, without places, that says what to
    do instead. Both are translated where they are shown.
    """

    element_id: str
    element_name: str
    line: int
    code: str
    msgid: str
    params: dict[str, object] = field(default_factory=dict)
    advice: str = ""

    @property
    def message(self) -> str:
        text = self.msgid % self.params if self.params else self.msgid
        return f"{text} {self.advice}" if self.advice else text

    def __str__(self) -> str:
        name = f" “{self.element_name}”" if self.element_name else ""
        return f"line {self.line}: {self.element_id}{name}: {self.message}"


class DeploymentRefused(InvalidInput):
    """A resource cannot be deployed; `problems` are all the reasons found."""

    def __init__(self, resource_name: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            N_("“%(resource)s” cannot be deployed: %(problems)s"),
            resource=resource_name,
            problems="; ".join(map(str, self.problems)),
        )
