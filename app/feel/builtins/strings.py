"""String functions, by code points (DMN 1.5 clause 10.3.4.3)."""

from __future__ import annotations

from decimal import Decimal

from app.feel.builtins.arguments import invalid, whole
from app.feel.builtins.regexes import matches, replace, split
from app.feel.builtins.registry import function, metered, pure
from app.feel.evaluation import Evaluation


def _substring(text: str, start: Decimal, length: Decimal | None) -> str:
    """Positions count from 1, negative ones from the end."""
    place = whole("substring", start)
    if place == 0 or abs(place) > len(text):
        raise invalid("substring", start)
    first = place - 1 if place > 0 else len(text) + place
    if length is None:
        return text[first:]
    if length < 1:
        raise invalid("substring", length)
    return text[first : first + whole("substring", length)]


def _string_length(text: str) -> Decimal:
    return Decimal(len(text))


def _upper_case(text: str) -> str:
    return text.upper()


def _lower_case(text: str) -> str:
    return text.lower()


def _substring_before(text: str, match: str) -> str:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


def _substring_after(text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


def _contains(text: str, match: str) -> bool:
    return match in text


def _starts_with(text: str, match: str) -> bool:
    return text.startswith(match)


def _ends_with(text: str, match: str) -> bool:
    return text.endswith(match)


def _string_join(evaluation: Evaluation, items: list[object], delimiter: str | None) -> str:
    """Null elements are left out."""
    evaluation.tick(len(items))
    texts = [item for item in items if item is not None]
    if not all(isinstance(text, str) for text in texts):
        raise invalid("string join", items)
    parts = [text for text in texts if isinstance(text, str)]
    separator = delimiter or ""
    evaluation.check_length(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


STRING_FUNCTIONS = (
    function("substring", pure("string: string, start position: number, length?: number", _substring)),
    function("string length", pure("string: string", _string_length)),
    function("upper case", pure("string: string", _upper_case)),
    function("lower case", pure("string: string", _lower_case)),
    function("substring before", pure("string: string, match: string", _substring_before)),
    function("substring after", pure("string: string, match: string", _substring_after)),
    function("replace", metered("input: string, pattern: string, replacement: string, flags?: string", replace)),
    function("contains", pure("string: string, match: string", _contains)),
    function("starts with", pure("string: string, match: string", _starts_with)),
    function("ends with", pure("string: string, match: string", _ends_with)),
    function("matches", metered("input: string, pattern: string, flags?: string", matches)),
    function("split", metered("string: string, delimiter: string", split)),
    function("string join", metered("list: list, delimiter?: string", _string_join)),
)
