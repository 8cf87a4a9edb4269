"""Cuts a text into tokens. Names of several words are put together later, by the parser."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.feel.errors import FeelSyntaxError
from app.feel.notices import N_, Position

NAME = "name"
NUMBER = "number"
STRING = "string"
SYMBOL = "symbol"
END = "end"

MAX_TEXT_LENGTH = 100_000
MAX_TOKENS = 20_000

_SPACE = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_NAME_START = (
    "?A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd"
    "\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\xb7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""
    (?P<space>[{_SPACE}]+|//[^\n]*|/\*(?s:.*?)\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\\n\r]|\\.)*")
    |(?P<name>[{_NAME_START}][{_NAME_PART}]*)
    |(?P<symbol>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},.:@'])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """`value` is the decoded content of a string and the text of anything else."""

    kind: str
    value: str
    start: int
    end: int
    position: Position


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, with one of kind `END` after them."""
    if len(text) > MAX_TEXT_LENGTH:
        raise FeelSyntaxError(N_("The expression is too long."), 1, 1)
    tokens: list[Token] = []
    offset, line, line_start = 0, 1, 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        position = Position(line, offset - line_start + 1)
        if match is None or len(tokens) >= MAX_TOKENS:
            raise _unreadable(text[offset], position)
        kind, raw = str(match.lastgroup), match.group()
        if kind != "space":
            value = decode_string(raw) if kind == STRING else raw
            tokens.append(Token(kind, value, offset, match.end(), position))
        if "\n" in raw:
            line += raw.count("\n")
            line_start = offset + raw.rindex("\n") + 1
        offset = match.end()
    tokens.append(Token(END, "", offset, offset, Position(line, offset - line_start + 1)))
    return tokens


def _unreadable(character: str, position: Position) -> FeelSyntaxError:
    if character == '"':
        message = N_("This string has no closing quotation mark on its line.")
        return FeelSyntaxError(message, *position, expected=('"',))
    message = N_("“%(character)s” has no meaning here.")
    return FeelSyntaxError(message, *position, params={"character": character})


def decode_string(literal: str) -> str:
    """The content of a string literal, escapes replaced; an unknown escape stands for itself."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    decoded = _ESCAPE.sub(_decode_escape, body)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode_escape(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) > 1:
        code_point = int(escape[1:], 16)
        # No database takes a text with NUL in it.
        return chr(code_point) if 0 < code_point <= 0x10FFFF else "\ufffd"
    return _SIMPLE_ESCAPES.get(escape, match.group())
