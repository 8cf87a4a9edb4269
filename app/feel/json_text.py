"""FEEL values as JSON that people read and write; `codec` is the form that loses nothing.

Numbers keep all their digits. What JSON has no form for (temporal values, ranges, functions) is its FEEL text.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NoReturn

from app.feel.conversion import from_python
from app.feel.values.callables import FeelFunction
from app.feel.values.numbers import number_text
from app.feel.values.text import Writer

INDENT = "  "
MAX_LENGTH = 10_000_000  # a range inside a value is short: the budget of its evaluation saw to that


def read_json(text: str) -> object:
    """A JSON text as a FEEL value. Raises `json.JSONDecodeError`, and `NotRepresentable` for numbers out of range."""
    return from_python(json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse))


def _refuse(name: str) -> NoReturn:
    """NaN and Infinity are JavaScript's, not JSON's."""
    raise json.JSONDecodeError(name, name, 0)


def write_json(value: object, margin: str = "") -> str:
    """A FEEL value as JSON, an entry a line."""
    inner = margin + INDENT
    if isinstance(value, dict) and value:
        entries = (f"{_quoted(name)}: {write_json(entry, inner)}" for name, entry in value.items())
        return "{" + ",".join(f"\n{inner}{entry}" for entry in entries) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return "[" + ",".join(f"\n{inner}{write_json(item, inner)}" for item in value) + f"\n{margin}]"
    if value is None or isinstance(value, (bool, str, dict, list)):
        return _quoted(value)
    return number_text(value) if isinstance(value, Decimal) else _quoted(_text(value))


def _text(value: object) -> str:
    if isinstance(value, FeelFunction):
        return f"function {value.name}".rstrip()
    return Writer(MAX_LENGTH, ValueError("the value is too long")).write(value)


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
