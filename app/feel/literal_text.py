"""FEEL values as expressions that have them: what somebody would type to get the very same value."""

from __future__ import annotations

import json
from decimal import Decimal

from app.feel.values.kinds import kind_of
from app.feel.values.numbers import number_text
from app.feel.values.ranges import Range

_CONSTRUCTORS = {"days and time duration": "duration", "years and months duration": "duration"}


def write_literal(value: object) -> str:
    """The text of an expression whose value this is; functions have none and raise TypeError."""
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(write_literal, value))}]"
    if isinstance(value, dict):
        entries = (f"{write_literal(name)}: {write_literal(entry)}" for name, entry in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, Range):
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{write_literal(value.start)}..{write_literal(value.end)}{closing}"
    return _constructed(value)


def _constructed(value: object) -> str:
    kind = kind_of(value)
    if kind == "function":
        raise TypeError("a function has no literal")
    return f"{_CONSTRUCTORS.get(kind, kind)}({json.dumps(str(value))})"
