"""What is kept of a text so that it can be found: the same for Chinese and Latin, and on every database.

Chinese has no blanks between words, and a full-text index of three signs finds no word of two: a run of Chinese is
kept as its pairs of signs (bigrams). Pairs of digits or letters select nothing, so these are kept in fours, which
finds the last digits of a telephone or vehicle number as well as the whole.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# To be raised with every change of what is kept: the index is then made anew.
RULES_VERSION = 1
PAIR, FOUR = 2, 4
MOST_WORDS = 10
LONGEST_QUERY = 200
# Marks a piece that a run of letters or digits begins with: one to three signs are looked for in that place only.
BEGINNING = "^"

_SENTENCE = frozenset(",;!?\"。，、；：！？…“”「」『』《》（）")
_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(f"([{_HAN}\u3040-\u30ff\uac00-\ud7af]+)|([^\\s{_HAN}\u3040-\u30ff\uac00-\ud7af]+)")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|(\S+)')


class _Signs(dict[int, str | None]):
    """Sign -> what becomes of it: letters and digits stay, marks of sentences part words, others (-, ·, /) vanish."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        if sign.isspace() or sign in _SENTENCE or unicodedata.category(sign) in ("Cc", "Zl", "Zp"):
            kept: str | None = " "
        else:
            kept = sign if unicodedata.category(sign)[0] in "LNM" else None
        self[code] = kept
        return kept


_SIGNS = _Signs()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is looked for: every one of `words` stands in the case. Any one of `pieces` is kept of such a case."""

    words: tuple[str, ...]
    pieces: frozenset[str]


def plain_words(text: str) -> str:
    """A text as it is compared: full-width signs made narrow, no capitals, words parted by single blanks.

    `FU-2026-000123` and `沪A·12345` become one word each, so that it does not matter how people write them.
    """
    signs = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    return " ".join(signs.split())


def pieces_of(plain: str, *, with_single: bool) -> frozenset[str]:
    """What is kept of a text of `plain_words`.

    Arguments: with_single, keep single Chinese signs as well: for names and titles, where people look for them.
    """
    return frozenset(_kept(plain, with_single=with_single))


def read_query(text: str) -> SearchQuery | None:
    """What a person typed: words, and phrases in quotes. None where there is no letter or digit in it."""
    typed = ("".join(found) for found in _QUOTED.findall(unicodedata.normalize("NFKC", text[:LONGEST_QUERY])))
    words = tuple(dict.fromkeys(word for part in typed if (word := plain_words(part))))[:MOST_WORDS]
    if not words:
        return None
    runs = [run for word in words for run in _RUNS.findall(word)]
    pieces = {piece for han, other in runs for piece in (*_every(han, PAIR), *_every(other, FOUR))}
    if not pieces:
        pieces = {han for han, _ in runs if han} or {BEGINNING + other for _, other in runs}
    return SearchQuery(words, frozenset(pieces))


def _kept(plain: str, *, with_single: bool) -> Iterator[str]:
    for han, other in _RUNS.findall(plain):
        if han:
            yield from _every(han, PAIR)
            if with_single:
                yield from han
        else:
            yield from _every(other, FOUR)
            yield from (BEGINNING + other[:length] for length in range(1, min(len(other), FOUR - 1) + 1))


def _every(run: str, length: int) -> Iterator[str]:
    return (run[start : start + length] for start in range(len(run) - length + 1))
