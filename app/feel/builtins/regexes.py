"""The string functions that take a pattern (DMN 1.5 clause 10.3.4.3)."""

from __future__ import annotations

import re

from app.feel.builtins.arguments import invalid
from app.feel.builtins.patterns import compiled
from app.feel.evaluation import Evaluation

_REPLACEMENT_PART = re.compile(r"\\[\\$]|\$\d+|[^\\$]+", re.ASCII)


def matches(evaluation: Evaluation, text: str, pattern: str, flags: str | None) -> bool:
    """Whether the pattern occurs anywhere in the text."""
    regex = compiled(evaluation, "matches", pattern, flags)
    evaluation.tick(1 + len(text) // 1000)
    return regex.search(_encodable("matches", text)) is not None


def replace(evaluation: Evaluation, text: str, pattern: str, replacement: str, flags: str | None) -> str:
    """Replace every match; `$1` stands for a group, `$0` for the match."""
    regex = compiled(evaluation, "replace", pattern, flags)
    if regex.fullmatch("") is not None:
        raise invalid("replace", pattern)
    is_literal = flags is not None and "q" in flags
    template = [replacement] if is_literal else _template(replacement, regex.groups)
    parts: list[str] = []
    length = place = 0
    for match in regex.finditer(_encodable("replace", text)):
        evaluation.tick()
        filled = "".join(part if isinstance(part, str) else match[part] or "" for part in template)
        parts += [text[place : match.start()], filled]
        place = match.end()
        length += len(filled)
        evaluation.check_length(length)
    return "".join([*parts, text[place:]])


def _template(replacement: str, groups: int) -> list[str | int]:
    """Texts and group numbers; of `$12` only the digits that name a group are the number."""
    template: list[str | int] = []
    place = 0
    while place < len(replacement):
        match = _REPLACEMENT_PART.match(replacement, place)
        if match is None:
            raise invalid("replace", replacement)
        place = match.end()
        part = match.group()
        if part.startswith("\\"):
            template.append(part[1])
        elif part.startswith("$"):
            template.extend(_reference(part[1:], groups))
        else:
            template.append(part)
    return template


def _reference(digits: str, groups: int) -> list[str | int]:
    length = len(digits)
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    number = int(digits[:length])
    return [number if number <= groups else "", digits[length:]]


def split(evaluation: Evaluation, text: str, delimiter: str) -> list[object]:
    """The parts of a text between the matches of a pattern."""
    regex = compiled(evaluation, "split", delimiter, None)
    parts: list[object] = []
    place = 0
    for match in regex.finditer(_encodable("split", text)):
        evaluation.tick()
        if match.end() > match.start():
            parts.append(text[place : match.start()])
            place = match.end()
    return evaluation.checked_size([*parts, text[place:]])


def _encodable(function: str, text: str) -> str:
    """A text that can be written in UTF-8, which a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise invalid(function, "\\u") from error
    return text
