"""What an evaluation wants its author to know: why a value became null.

FEEL never fails: whatever cannot be computed is null. A notice says where and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

UNKNOWN_NAME = "UNKNOWN_NAME"
UNKNOWN_PROPERTY = "UNKNOWN_PROPERTY"
TYPE_MISMATCH = "TYPE_MISMATCH"
NOT_COMPARABLE = "NOT_COMPARABLE"
NOT_A_FUNCTION = "NOT_A_FUNCTION"
WRONG_ARGUMENTS = "WRONG_ARGUMENTS"
INVALID_VALUE = "INVALID_VALUE"
DIVISION_BY_ZERO = "DIVISION_BY_ZERO"
OUT_OF_RANGE = "OUT_OF_RANGE"
NO_CALENDAR = "NO_CALENDAR"
NOT_SUPPORTED = "NOT_SUPPORTED"
NOT_OF_TYPE = "NOT_OF_TYPE"
NOT_ALLOWED = "NOT_ALLOWED"
HIT_POLICY = "HIT_POLICY"


def N_(text: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a text for extraction; it is translated where it is shown."""
    return text


MSGIDS: Mapping[str, str] = MappingProxyType(
    {
        UNKNOWN_NAME: N_("Nothing is called “%(name)s” here."),
        UNKNOWN_PROPERTY: N_("A value of type %(type)s has no “%(name)s”."),
        TYPE_MISMATCH: N_("“%(operation)s” does not work on %(types)s."),
        NOT_COMPARABLE: N_("%(types)s cannot be compared."),
        NOT_A_FUNCTION: N_("A value of type %(type)s cannot be called."),
        WRONG_ARGUMENTS: N_("“%(function)s” does not accept these arguments: %(types)s."),
        INVALID_VALUE: N_("“%(value)s” is not valid for %(function)s."),
        DIVISION_BY_ZERO: N_("Division by zero."),
        OUT_OF_RANGE: N_("The result of %(function)s is outside the range of its type."),
        NO_CALENDAR: N_("There is no working calendar here, so %(function)s has no result."),
        NOT_SUPPORTED: N_("%(feature)s cannot be run here."),
        NOT_OF_TYPE: N_("The value of “%(name)s” is not of the type %(type)s, or not one of its allowed values."),
        NOT_ALLOWED: N_("The value of the column “%(name)s” is not one of its allowed values."),
        HIT_POLICY: N_("%(count)s rules match, which the hit policy %(policy)s does not allow."),
    }
)


class Position(NamedTuple):
    """Where in the expression's text, counting from 1."""

    line: int
    column: int


class Notice(NamedTuple):
    """Why a part of an expression became null.

    `code` is one of this module's constants, `msgid` the English text with `%(name)s`
    places for `params`, `position` the place in the expression, `element` the element of a DMN
    file that was being evaluated.
    """

    code: str
    msgid: str
    params: Mapping[str, str]
    position: Position
    element: str = ""

    @property
    def message(self) -> str:
        return self.msgid % self.params


class Unanswerable(Exception):
    """Raised inside a built-in that has no result; the call site turns it into null and a notice."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.params = params
        super().__init__(code)
