"""XPath regular expressions as RE2 writes them: linear time, whatever the pattern.

DMN 1.5 takes its patterns from XPath Functions clause 7.6. Back references have no linear-time
form and are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

import re2

from app.feel.errors import BudgetExceeded
from app.feel.evaluation import Evaluation
from app.feel.notices import INVALID_VALUE, Unanswerable

_MAX_MEMORY = 8 << 20
_FLAGS = frozenset("smixq")
_NAME_START = r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}"
_NAME_START += r"\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}"
_NAME_START += r"\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}"
_NAME_PART = _NAME_START + r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}"
_CLASS_ESCAPES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "i": _NAME_START,
    "c": _NAME_PART,
}
_OUTSIDE_ESCAPES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME_PART}]",
    "C": f"[^{_NAME_PART}]",
}
_LITERAL_ESCAPES = frozenset(r"nrt\|.?*+(){}-[]^$")


BLOCKS = {
    "BasicLatin": r"\x{0}-\x{7F}",
    "Latin-1Supplement": r"\x{80}-\x{FF}",
    "LatinExtended-A": r"\x{100}-\x{17F}",
    "LatinExtended-B": r"\x{180}-\x{24F}",
    "Greek": r"\x{370}-\x{3FF}",
    "GreekandCoptic": r"\x{370}-\x{3FF}",
    "Cyrillic": r"\x{400}-\x{4FF}",
    "Hebrew": r"\x{590}-\x{5FF}",
    "Arabic": r"\x{600}-\x{6FF}",
    "Thai": r"\x{E00}-\x{E7F}",
    "GeneralPunctuation": r"\x{2000}-\x{206F}",
    "CurrencySymbols": r"\x{20A0}-\x{20CF}",
    "CJKSymbolsandPunctuation": r"\x{3000}-\x{303F}",
    "Hiragana": r"\x{3040}-\x{309F}",
    "Katakana": r"\x{30A0}-\x{30FF}",
    "CJKUnifiedIdeographs": r"\x{4E00}-\x{9FFF}",
    "HangulSyllables": r"\x{AC00}-\x{D7A3}",
    "HalfwidthandFullwidthForms": r"\x{FF00}-\x{FFEF}",
}


class UnsupportedPattern(ValueError):
    """A pattern that XPath does not know, or that cannot run in linear time."""


def compiled(evaluation: Evaluation, function: str, pattern: str, flags: str | None) -> re2.Pattern:
    """The pattern, ready to be used; raises `Unanswerable` for one that is not valid."""
    if len(pattern) > evaluation.budget.regex_length:
        raise BudgetExceeded("regex_length", evaluation.budget.regex_length)
    try:
        return _compile(pattern, flags or "")
    except (UnsupportedPattern, re2.error, UnicodeEncodeError, IndexError) as error:
        shown = f"{pattern} {flags}" if flags else pattern
        raise Unanswerable(INVALID_VALUE, value=shown[:60], function=function) from error


@lru_cache(maxsize=512)
def _compile(pattern: str, flags: str) -> re2.Pattern:
    if not _FLAGS.issuperset(flags):
        raise UnsupportedPattern(flags)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    options.case_sensitive = "i" not in flags
    if "q" in flags:
        return re2.compile(re2.escape(pattern), options)
    inline = "m" if "m" in flags else ""
    prefix = f"(?{inline})" if inline else ""
    return re2.compile(prefix + Translator(pattern, flags).translate(), options)


def without_spaces(pattern: str) -> str:
    """What the flag `x` leaves: blanks count only inside a character class."""
    kept: list[str] = []
    depth = 0
    is_escaped = False
    for character in pattern:
        if character in " \t\n\r" and depth == 0:
            continue
        if not is_escaped:
            depth += (character == "[") - (character == "]")
        is_escaped = character == "\\" and not is_escaped
        kept.append(character)
    return "".join(kept)


class Translator:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = without_spaces(pattern) if "x" in flags else pattern
        self._index = 0
        self._dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"

    def translate(self) -> str:
        parts: list[str] = []
        while self._index < len(self._pattern):
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        character = self._pattern[self._index]
        self._index += 1
        if character == "\\":
            return self._escape()
        if character == "[":
            return self._class()
        if character == ".":
            return self._dot
        if character == "(" and self._is_special_group():
            raise UnsupportedPattern(self._pattern)
        return character

    def _is_special_group(self) -> bool:
        """Whether a group starts here that RE2 knows and XPath does not."""
        rest = self._pattern[self._index : self._index + 2]
        return rest.startswith("?") and rest != "?:"

    def _escape(self) -> str:
        escape = self._pattern[self._index]
        self._index += 1
        if escape in _OUTSIDE_ESCAPES:
            return _OUTSIDE_ESCAPES[escape]
        if escape in "pP":
            return self._property(escape, is_inside=False)
        if escape in _LITERAL_ESCAPES:
            return f"\\{escape}"
        raise UnsupportedPattern(self._pattern)

    def _property(self, escape: str, *, is_inside: bool) -> str:
        """A category, or a block written as the range it is; RE2 has no name for blocks."""
        category = self._category()
        if not category.startswith("{Is"):
            return f"\\{escape}{category}"
        block = BLOCKS.get(category[3:-1])
        if block is None or (is_inside and escape == "P"):
            raise UnsupportedPattern(self._pattern)
        return block if is_inside else f"[{'^' if escape == 'P' else ''}{block}]"

    def _category(self) -> str:
        """`{L}`, `{Lu}` or `{IsBasicLatin}`."""
        end = self._pattern.index("}", self._index) if "}" in self._pattern[self._index :] else -1
        category = self._pattern[self._index : end + 1]
        if end < 0 or not re.fullmatch(r"\{[A-Za-z0-9-]+\}", category):
            raise UnsupportedPattern(self._pattern)
        self._index = end + 1
        return category

    def _class(self) -> str:
        """A character class; `[a-z-[aeiou]]` is worked out, since RE2 cannot subtract."""
        is_negated = self._pattern.startswith("^", self._index)
        self._index += is_negated
        parts: list[str] = []
        while not self._pattern.startswith("]", self._index) or not parts:
            if self._pattern.startswith("-[", self._index):
                self._index += 2
                return self._subtracted("".join(parts), is_negated, self._class())
            parts.append(self._class_part())
        self._index += 1
        return f"[{'^' if is_negated else ''}{''.join(parts)}]"

    def _class_part(self) -> str:
        character = self._pattern[self._index]
        self._index += 1
        if character == "[":
            raise UnsupportedPattern(self._pattern)
        if character != "\\":
            return "\\" + character if character in "^&~|" else character
        escape = self._pattern[self._index]
        self._index += 1
        if escape in _CLASS_ESCAPES:
            return _CLASS_ESCAPES[escape]
        if escape in "pP":
            return self._property(escape, is_inside=True)
        if escape in _LITERAL_ESCAPES:
            return f"\\{escape}"
        raise UnsupportedPattern(self._pattern)

    def _subtracted(self, body: str, is_negated: bool, removed: str) -> str:
        if not self._pattern.startswith("]", self._index):
            raise UnsupportedPattern(self._pattern)
        self._index += 1
        kept = re2.compile(f"[{'^' if is_negated else ''}{body}]")
        without = re2.compile(removed)
        members = [
            chr(point) for point in range(0x250) if kept.fullmatch(chr(point)) and not without.fullmatch(chr(point))
        ]
        if not members:
            raise UnsupportedPattern(self._pattern)
        codes = "".join(f"\\x{{{ord(member):x}}}" for member in members)
        return f"[{codes}]"
