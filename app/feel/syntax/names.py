"""Names of several words: which run of tokens is one of the names in scope.

FEEL allows blanks and operators in names, so a text can only be cut into names with the names in
scope at hand (DMN 1.5 clause 10.3.1.2, "the longest name in scope wins").
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from app.feel.errors import FeelSyntaxError
from app.feel.syntax.lexer import END, Token, tokenize

_STATEMENT_WORDS = {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies"}
KEYWORDS = frozenset(_STATEMENT_WORDS | {"and", "or", "between", "true", "false", "null"})


class NameTable:
    """Names by their first word, the longest first."""

    __slots__ = ("_by_first_word",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        words = words_of(name)
        if not words:
            return
        entries = self._by_first_word.setdefault(words[0], [])
        if (words, name) not in entries:
            entries.append((words, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def longest_match(self, tokens: list[Token], index: int) -> tuple[int, str] | None:
        """The number of tokens and the name that starts at `index`."""
        for words, name in self._by_first_word.get(tokens[index].value, ()):
            if all(
                tokens[index + distance].value == word and tokens[index + distance].kind != "string"
                for distance, word in enumerate(words)
                if index + distance < len(tokens)
            ) and index + len(words) < len(tokens):
                return len(words), name
        return None


def words_of(name: str) -> tuple[str, ...]:
    """The tokens a name consists of; nothing when it holds what no expression could spell."""
    try:
        tokens = tokenize(name)
    except FeelSyntaxError:
        return ()
    return tuple(token.value for token in tokens if token.kind != END)


def spelled(tokens: list[Token]) -> str:
    """The tokens of a name as one text, blanks between them reduced to single spaces."""
    parts = [tokens[0].value]
    for before, token in pairwise(tokens):
        parts.append(token.value if token.start == before.end else " " + token.value)
    return "".join(parts)
