"""Literals, names, lists, contexts, ranges, functions and what can follow them."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal

from app.feel.errors import FeelSyntaxError
from app.feel.notices import N_, Position
from app.feel.syntax import nodes
from app.feel.syntax.lexer import END, NAME, NUMBER, STRING, SYMBOL
from app.feel.syntax.names import KEYWORDS
from app.feel.syntax.type_names import TypeParser
from app.feel.values.numbers import parse_number

_CONSTANTS = {"true": True, "false": False, "null": None}
_CANNOT_START_A_FILTER = frozenset([".", ",", ")", "]", "}", "=", "!=", "<", "<=", ">", ">=", "*", "/"])
_MAX_POSTFIXES = 100


class PrimaryParser(TypeParser):
    """Everything that binds tighter than an operator."""

    @abstractmethod
    def expression(self) -> nodes.Node:
        """Any expression."""

    @abstractmethod
    def operand(self) -> nodes.Node:
        """An expression without `and`, `or` or a comparison at its top."""

    def postfixed(self, *, is_range_end: bool = False) -> nodes.Node:
        """A primary with its paths, filters and calls."""
        node = self._primary()
        for _ in range(_MAX_POSTFIXES):
            position = self.token.position
            if self.is_at(".") and self._is_word(1):
                self.advance()
                node = nodes.Path(position, node, self._property_name())
            elif self.is_at("[") and not (is_range_end and self._is_open_end()):
                node = nodes.Filter(position, node, self._filter_condition())
            elif self.is_at("("):
                node = self._call(node)
            else:
                return node
        raise FeelSyntaxError(N_("The expression is nested too deeply."), *self.token.position)

    def _is_word(self, distance: int) -> bool:
        return self.tokens[self.index + distance].kind == NAME

    def _is_open_end(self) -> bool:
        """Whether the `[` here ends a range such as `]1..5[` instead of starting a filter."""
        after = self.tokens[self.index + 1]
        if after.kind == END:
            return True
        is_keyword = after.kind == NAME and after.value in KEYWORDS - _CONSTANTS.keys()
        return is_keyword or (after.kind == SYMBOL and after.value in _CANNOT_START_A_FILTER)

    def _property_name(self) -> str:
        return self.declared_name(is_property=True) or self.run_of_words()

    def _filter_condition(self) -> nodes.Node:
        self.need("[")
        self.filters += 1
        with self.nested(), self.scope(("item",)):
            condition = self.expression()
        self.filters -= 1
        self.need("]")
        return condition

    def _call(self, function: nodes.Node) -> nodes.Node:
        self.need("(")
        position = function.position
        if self.take(")"):
            return nodes.Call(position, function, (), None)
        names: list[str] = []
        arguments: list[nodes.Node] = []
        is_named = self.length_of_name_before(":") > 0
        while True:
            if is_named:
                names.append(self.name_until(":") or self._missing_name())
                self.need(":")
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.need(")")
        if len(set(names)) < len(names):
            raise FeelSyntaxError(N_("Two arguments have the same name."), *position)
        return nodes.Call(position, function, tuple(arguments), tuple(names) if is_named else None)

    def _missing_name(self) -> str:
        raise self.unexpected(N_("a parameter name"))

    def _primary(self) -> nodes.Node:
        token = self.token
        if token.kind == NUMBER:
            return nodes.Literal(token.position, self._number())
        if token.kind == STRING:
            return nodes.Literal(token.position, self.advance().value)
        if token.kind == NAME:
            return self._word()
        if token.kind == SYMBOL:
            return self._bracketed()
        raise self.unexpected(N_("an expression"))

    def _number(self) -> Decimal:
        token = self.advance()
        number = parse_number(token.value)
        if number is None:
            raise FeelSyntaxError(N_("This number is too large."), *token.position)
        return number

    def _word(self) -> nodes.Node:
        position = self.token.position
        if self.is_at("function") and self.follows("("):
            return self._function()
        name = self.declared_name()
        if name is not None:
            return nodes.Name(position, name)
        if self.token.value in _CONSTANTS:
            return nodes.Literal(position, _CONSTANTS[self.advance().value])
        if self.token.value in KEYWORDS:
            raise self.unexpected(N_("an expression"))
        return nodes.Name(position, self.run_of_words())

    def _bracketed(self) -> nodes.Node:
        if self.is_at("("):
            return self._parenthesis()
        if self.is_at("["):
            return self._list_or_range()
        if self.is_at("]"):
            position = self.advance().position
            return self._range_from(position, self._bound(), start_included=False)
        if self.is_at("{"):
            return self._context()
        if self.is_at("@") and self.tokens[self.index + 1].kind == STRING:
            position = self.advance().position
            return nodes.AtLiteral(position, self.advance().value)
        raise self.unexpected(N_("an expression"))

    def _parenthesis(self) -> nodes.Node:
        position = self.need("(").position
        with self.nested():
            inner = self._point_range(position) if self.is_at("=") else self.expression()
            if self.is_at(".."):
                return self._range_from(position, inner, start_included=False)
        self.need(")")
        return inner

    def _point_range(self, position: Position) -> nodes.Node:
        """`(= 5)`: a range of one point."""
        self.need("=")
        bound = self.operand()
        return nodes.RangeLiteral(position, bound, bound, True, True)

    def unbounded_range(self) -> nodes.Node:
        """`< 5`, `>= 5`: a range that is written as a comparison."""
        position = self.token.position
        operator = self.advance().value
        bound = self.operand()
        is_included = operator.endswith("=")
        if operator.startswith("<"):
            return nodes.RangeLiteral(position, None, bound, False, is_included)
        return nodes.RangeLiteral(position, bound, None, is_included, False)

    def _list_or_range(self) -> nodes.Node:
        position = self.need("[").position
        if self.take("]"):
            return nodes.ListLiteral(position, ())
        with self.nested():
            first = self.expression()
            if self.is_at(".."):
                return self._range_from(position, first, start_included=True)
            items = [first]
            while self.take(","):
                items.append(self.expression())
        self.need("]")
        return nodes.ListLiteral(position, tuple(items))

    def _bound(self) -> nodes.Node:
        with self.nested():
            return self.operand()

    def _range_from(self, position: Position, start: nodes.Node, *, start_included: bool) -> nodes.Node:
        self.need("..")
        end = self.range_end()
        closing = self.take("]", ")", "[")
        if closing is None:
            raise self.unexpected("]", ")", "[")
        return nodes.RangeLiteral(position, start, end, start_included, closing.value == "]")

    @abstractmethod
    def range_end(self) -> nodes.Node:
        """An operand after which `[` may end a range."""

    def _context(self) -> nodes.Node:
        position = self.need("{").position
        entries: list[tuple[str, nodes.Node]] = []
        with self.nested(), self.scope() as known:
            while not self.is_at("}"):
                name = self._key()
                if any(name == other for other, _ in entries):
                    message = N_("The context has two entries called “%(name)s”.")
                    raise FeelSyntaxError(message, *position, params={"name": name})
                self.need(":")
                entries.append((name, self.expression()))
                known.add(name)
                self.know_property(name)
                if not self.take(","):
                    break
            self.need("}")
        return nodes.ContextLiteral(position, tuple(entries))

    def _key(self) -> str:
        if self.token.kind == STRING:
            return self.advance().value
        name = self.name_until(":")
        if name is None:
            raise self.unexpected(N_("a name"), "}")
        return name

    def _function(self) -> nodes.Node:
        position = self.need("function").position
        self.need("(")
        parameters: list[nodes.Parameter] = []
        while not self.is_at(")"):
            parameters.append(self._parameter())
            if not self.take(","):
                break
        self.need(")")
        with self.nested(), self.scope(parameter.name for parameter in parameters):
            is_external = self.is_at("external") and self.follows("{")
            if is_external:
                self.advance()
            body = self.expression()
        return nodes.FunctionLiteral(position, tuple(parameters), None if is_external else body)

    def _parameter(self) -> nodes.Parameter:
        name = self.name_until(":", ",", ")")
        if name is None:
            raise self.unexpected(N_("a parameter name"), ")")
        return nodes.Parameter(name, self.type() if self.take(":") else None)
