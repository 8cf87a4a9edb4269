"""A place in the list of tokens, with the names in scope there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from app.feel.errors import FeelSyntaxError
from app.feel.notices import N_
from app.feel.syntax.lexer import END, NAME, NUMBER, STRING, SYMBOL, Token, tokenize
from app.feel.syntax.names import KEYWORDS, NameTable, shared_table, spelled
from app.feel.types import FeelType

MAX_NESTING = 50
MAX_CHAIN = 1_000
_NAME_SYMBOLS = frozenset("./-'+*")


class Cursor:
    """Reads tokens one by one; the parsers build on it.

    names: tables of declared names, that may hold blanks and operators.
    properties: names that only occur after a dot or inside a filter.
    types: names of types besides the built-in ones.
    """

    def __init__(
        self,
        text: str,
        built_ins: NameTable,
        names: tuple[NameTable, ...] = (),
        properties: tuple[str, ...] = (),
        types: Mapping[str, FeelType] | None = None,
    ) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.nesting = 0
        self.filters = 0
        self.types = types or {}
        self._built_ins = built_ins
        self._scopes = list(names)
        self._properties = shared_table(properties)
        self._own_properties = NameTable()

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def is_at(self, *values: str) -> bool:
        """Whether the next token is one of these symbols or words."""
        token = self.token
        return token.value in values and token.kind in (SYMBOL, NAME)

    def follows(self, value: str, distance: int = 1) -> bool:
        """Whether the token after the next one is this symbol or word."""
        place = self.index + distance
        if place >= len(self.tokens):
            return False
        return self.tokens[place].value == value and self.tokens[place].kind in (SYMBOL, NAME)

    def take(self, *values: str) -> Token | None:
        """The next token if it is one of these, moving past it."""
        if not self.is_at(*values):
            return None
        return self.advance()

    def advance(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def need(self, value: str) -> Token:
        token = self.take(value)
        if token is None:
            raise self.unexpected(value)
        return token

    def need_end(self) -> None:
        if self.token.kind != END:
            raise self.unexpected(N_("the end of the expression"))

    def unexpected(self, *expected: str) -> FeelSyntaxError:
        token = self.token
        if token.kind == END:
            message = N_("The expression ends too early.")
            return FeelSyntaxError(message, *token.position, expected=expected)
        message = N_("“%(found)s” cannot stand here.")
        found = self.text[token.start : token.end]
        return FeelSyntaxError(message, *token.position, expected=expected, params={"found": found})

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Guards against texts whose nesting would exhaust the stack."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            message = N_("The expression is nested too deeply.")
            raise FeelSyntaxError(message, *self.token.position)
        yield
        self.nesting -= 1

    @contextmanager
    def scope(self, names: Iterable[str] = ()) -> Iterator[NameTable]:
        """Names that are known until the block ends."""
        table = NameTable(names)
        self._scopes.append(table)
        try:
            yield table
        finally:
            self._scopes.pop()

    def know_property(self, name: str) -> None:
        self._own_properties.add(name)

    def declared_name(self, *, is_property: bool = False) -> str | None:
        """Take the longest name in scope that starts here."""
        tables = list(self._scopes)
        if is_property or self.filters:
            tables += (self._properties, self._own_properties)
        if not is_property:
            tables.append(self._built_ins)
        best = self.longest_match(tables)
        if best is None or (best[0] == 1 and self.token.value in KEYWORDS and not is_property):
            return None
        return self._taken_name(*best)

    def longest_match(self, tables: Iterable[NameTable]) -> tuple[int, str] | None:
        """The number of tokens and the longest of all names that start here; of equal ones that of the first table."""
        matches = (table.longest_match(self.tokens, self.index) for table in tables)
        return max((match for match in matches if match), default=None, key=lambda match: match[0])

    def _taken_name(self, length: int, name: str) -> str:
        """The name, or, when more words follow, the unknown longer name they form."""
        start = self.index
        self.index += length
        if not self._at_plain_word():
            return name
        while self._at_plain_word():
            self.index += 1
        return spelled(self.tokens[start : self.index])

    def _at_plain_word(self) -> bool:
        token = self.token
        if token.kind != NAME or token.value in KEYWORDS:
            return False
        return not (token.value == "instance" and self.follows("of"))

    def run_of_words(self) -> str:
        """Take adjacent words as one name: nothing else can be meant by them."""
        start = self.index
        self.index += 1
        while self._at_plain_word():
            self.index += 1
        return spelled(self.tokens[start : self.index])

    def name_until(self, *ends: str) -> str | None:
        """Take a new name that stands before one of these tokens; None when there is none."""
        length = self.length_of_name_before(*ends)
        if length == 0:
            return None
        tokens = self.tokens[self.index : self.index + length]
        self.index += length
        return spelled(tokens)

    def length_of_name_before(self, *ends: str) -> int:
        """How many tokens form a name that is followed by one of these; 0 when none do."""
        place = self.index
        if self.tokens[place].kind != NAME:
            return 0
        while True:
            token = self.tokens[place]
            if token.value in ends and token.kind in (NAME, SYMBOL):
                return place - self.index
            is_part = token.kind in (NAME, NUMBER) or token.value in _NAME_SYMBOLS
            if not is_part or token.kind in (STRING, END):
                return 0
            place += 1
