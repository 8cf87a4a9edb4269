"""The functions `string`, `number` and `range` (DMN 1.5 clause 10.3.4.1)."""

from __future__ import annotations

import re
from decimal import Decimal

from app.feel.builtins.arguments import invalid
from app.feel.builtins.registry import function, metered, pure
from app.feel.errors import BudgetExceeded
from app.feel.evaluation import Evaluation
from app.feel.syntax.lexer import decode_string
from app.feel.values.literals import parse_temporal
from app.feel.values.numbers import parse_number
from app.feel.values.ordering import compare
from app.feel.values.ranges import Range
from app.feel.values.text import Writer

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,5})?", re.ASCII)
_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*?)([\])\[])\s*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\n\r]|\\.)*"')
_TEMPORAL = re.compile(r'@"([^"]*)"|(?:date and time|date|time|duration)\(\s*"([^"]*)"\s*\)')
_SEPARATORS = (" ", ",", ".")


def _string(evaluation: Evaluation, value: object) -> str | None:
    if value is None:
        return None
    limit = evaluation.budget.string_length
    return Writer(limit, BudgetExceeded("string_length", limit)).write(value)


def _number(evaluation: Evaluation, text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if len(text) > evaluation.budget.digits:
        raise BudgetExceeded("digits", evaluation.budget.digits)
    if grouping not in (None, *_SEPARATORS) or point not in (None, ".", ","):
        raise invalid("number", text)
    if grouping is not None and grouping == point:
        raise invalid("number", text)
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "?").replace(",", ".")
    number = parse_number(plain) if _NUMBER.fullmatch(plain) else None
    if number is None:
        raise invalid("number", text)
    return evaluation.checked_number(number)


def _number_itself(number: Decimal) -> Decimal:
    return number


def _range(text: str) -> Range:
    """Read `[1..5]`, `(1..5)`, `]1..5[` and the like, between literals of one type."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise invalid("range", text)
    opening, start_text, end_text, closing = match.groups()
    start, end = _endpoint(text, start_text.strip()), _endpoint(text, end_text.strip())
    if start is None and end is None:
        raise invalid("range", text)
    if start is not None and end is not None:
        order = compare(start, end)
        if order is None or order > 0:
            raise invalid("range", text)
    if (start is None and opening == "[") or (end is None and closing == "]"):
        raise invalid("range", text)
    return Range(start, end, opening == "[", closing == "]")


def _endpoint(text: str, literal: str) -> object:
    if not literal:
        return None
    if match := _TEMPORAL.fullmatch(literal):
        value: object = parse_temporal(match.group(1) or match.group(2) or "")
    elif _STRING.fullmatch(literal):
        value = decode_string(literal)
    else:
        value = parse_number(literal) if _NUMBER.fullmatch(literal) else None
    if value is None:
        raise invalid("range", text)
    return value


CONVERSION_FUNCTIONS = (
    function("string", metered("from: any?", _string)),
    function(
        "number",
        metered("from: string", _number),
        metered("from: string, grouping separator: string?, decimal separator?: string?", _number),
        pure("from: number", _number_itself),
    ),
    function("range", pure("from: string", _range)),
)
