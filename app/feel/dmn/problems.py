"""Why a DMN file is refused: every reason with its element and line."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from app.feel.errors import FeelError, FeelSyntaxError


class Problem(NamedTuple):
    """What cannot run. `element` names it as an author would look for it; `line` counts from 1."""

    msgid: str
    params: dict[str, str]
    element: str
    line: int

    @property
    def message(self) -> str:
        return f"line {self.line}, {self.element}: {self.msgid % self.params if self.params else self.msgid}"


class DecisionModelRefused(FeelError):
    """A DMN file that cannot be run as the standard says."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.message for problem in problems))


class Problems:
    """Collects what is wrong while a file is read, so that all of it can be told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, element: etree._Element, msgid: str, **params: str) -> None:
        self.found.append(Problem(msgid, params, described(element), line_of(element)))

    def add_syntax_error(self, element: etree._Element, error: FeelSyntaxError) -> None:
        """A FEEL text that cannot be read; its line counts from the element's."""
        line = line_of(element) + error.line - 1
        self.found.append(Problem(str(error).replace("%", "%%"), {}, described(element), line))


def line_of(element: etree._Element) -> int:
    """The line an element starts on; its type information has no number there."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def described(element: etree._Element) -> str:
    """`decision “Fee”`; an element without a name says in which one it is: `inputEntry “c1” in decision “Fee”`."""
    own = element.get("name") or element.get("id")
    text = etree.QName(element).localname + (f" “{own}”" if own else "")
    if element.get("name"):
        return text
    for around in element.iterancestors():
        name = around.get("name")
        if name:
            return f"{text} in {etree.QName(around).localname} “{name}”"
    return text
