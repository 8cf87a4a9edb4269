"""Names of several words: which run of tokens is one of the names in scope.

FEEL allows blanks and operators in names, so a text can only be cut into names with the names in
scope at hand (DMN 1.5 clause 10.3.1.2, "the longest name in scope wins").
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from app.feel.errors import FeelSyntaxError
from app.feel.syntax.lexer import END, STRING, Token, tokenize

_STATEMENT_WORDS = {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies"}
KEYWORDS = frozenset(_STATEMENT_WORDS | {"and", "or", "between", "true", "false", "null"})


class _Branch:
    """One word of a name: the name that ends with it, if any, and the words that may follow."""

    __slots__ = ("further", "name")

    def __init__(self) -> None:
        self.name: str | None = None
        self.further: dict[str, _Branch] = {}


class NameTable:
    """Names, found word by word: to look for one costs its length, however many there are."""

    __slots__ = ("_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._first: dict[str, _Branch] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        branches, branch = self._first, None
        for word in words_of(name):
            branch = branches.setdefault(word, _Branch())
            branches = branch.further
        if branch is not None and branch.name is None:
            branch.name = name

    def longest_match(self, tokens: list[Token], index: int) -> tuple[int, str] | None:
        """The number of tokens and the name that starts at `index`."""
        branches, found = self._first, None
        for place in range(index, len(tokens) - 1):  # the last one is the end
            token = tokens[place]
            branch = branches.get(token.value)
            if branch is None or token.kind == STRING:
                break
            if branch.name is not None:
                found = place - index + 1, branch.name
            branches = branch.further
        return found


@lru_cache(maxsize=16)
def shared_table(names: frozenset[str] | tuple[str, ...]) -> NameTable:
    """The table of what a whole file declares, made once for all its expressions. Nobody adds to it."""
    return NameTable(names)


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
