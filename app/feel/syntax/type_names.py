"""The types an expression can name: `list<number>`, `context<a: string>`, `function<Any> -> Any`."""

from __future__ import annotations

from app.feel.errors import FeelSyntaxError
from app.feel.notices import N_
from app.feel.syntax.cursor import Cursor
from app.feel.syntax.lexer import NAME
from app.feel.syntax.names import NameTable, shared_table
from app.feel.types import BUILT_IN_TYPES, ContextType, FeelType, FunctionType, ListType, RangeType

_BUILT_IN_NAMES = NameTable(BUILT_IN_TYPES)


class TypeParser(Cursor):
    """Adds types to the cursor."""

    def type(self) -> FeelType:
        with self.nested():
            if self.is_at("list", "range", "context", "function") and self.follows("<"):
                return self._parametrised(self.advance().value)
            return self._named_type()

    def _parametrised(self, constructor: str) -> FeelType:
        self.need("<")
        if constructor == "function":
            return self._function_type()
        if constructor == "context":
            return self._context_type()
        element = self.type()
        self.need(">")
        return ListType(element) if constructor == "list" else RangeType(element)

    def _function_type(self) -> FeelType:
        parameters: list[FeelType] = []
        if not self.is_at(">"):
            parameters.append(self.type())
            while self.take(","):
                parameters.append(self.type())
        self.need(">")
        self.need("->")
        return FunctionType(tuple(parameters), self.type())

    def _context_type(self) -> FeelType:
        entries: list[tuple[str, FeelType]] = []
        while not self.is_at(">"):
            name = self.name_until(":")
            if name is None:
                raise self.unexpected(N_("a name"))
            self.need(":")
            entries.append((name, self.type()))
            if not self.take(","):
                break
        self.need(">")
        return ContextType(tuple(entries))

    def _named_type(self) -> FeelType:
        best = self.longest_match((shared_table(tuple(self.types)), _BUILT_IN_NAMES))
        if best is not None:
            self.index += best[0]
            return self.types.get(best[1]) or BUILT_IN_TYPES[best[1]]
        token = self.token
        if token.kind != NAME:
            raise self.unexpected(N_("a type"))
        message = N_("There is no type called “%(name)s”.")
        raise FeelSyntaxError(message, *token.position, params={"name": token.value})
