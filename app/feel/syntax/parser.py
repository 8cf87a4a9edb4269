"""Operators, `if`, `for`, `some`, `every` and unary tests: the top of the grammar."""

from __future__ import annotations

from collections.abc import Callable

from app.feel.errors import FeelSyntaxError
from app.feel.notices import N_, Position
from app.feel.syntax import nodes
from app.feel.syntax.cursor import MAX_CHAIN
from app.feel.syntax.primaries import PrimaryParser

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_MAX_COMPARISONS = 20


class Parser(PrimaryParser):
    """One use parses one text."""

    def whole_expression(self) -> nodes.Node:
        node = self.expression()
        self.need_end()
        return node

    def expression(self) -> nodes.Node:
        with self.nested():
            if self.is_at("if", "for", "some", "every") and not self._starts_declared_name():
                return self._statement()
            return self._junction("or", lambda: self._junction("and", self._comparison))

    def _starts_declared_name(self) -> bool:
        start = self.index
        is_name = self.declared_name() is not None
        self.index = start
        return is_name

    def _statement(self) -> nodes.Node:
        if self.is_at("if"):
            return self._if()
        if self.is_at("for"):
            return self._for()
        return self._quantified()

    def _if(self) -> nodes.Node:
        """`else if` is read in a loop, so that long chains do not nest."""
        position = self.token.position
        branches: list[tuple[nodes.Node, nodes.Node]] = []
        while len(branches) < MAX_CHAIN and self.take("if"):
            condition = self.expression()
            self.need("then")
            result = self.expression()
            self.need("else")
            branches.append((condition, result))
        return nodes.If(position, tuple(branches), self.expression())

    def _for(self) -> nodes.Node:
        position = self.need("for").position
        with self.scope(("partial",)):
            return self._with_iterators("return", lambda iterators: nodes.For(position, iterators, self.expression()))

    def _quantified(self) -> nodes.Node:
        token = self.advance()
        is_every = token.value == "every"
        return self._with_iterators(
            "satisfies",
            lambda iterators: nodes.Quantified(token.position, is_every, iterators, self.expression()),
        )

    def _with_iterators(self, end: str, build: Callable[[tuple[nodes.Iterator, ...]], nodes.Node]) -> nodes.Node:
        with self.scope() as known:
            iterators = [self._iterator()]
            known.add(iterators[-1].name)
            while self.take(","):
                iterators.append(self._iterator())
                known.add(iterators[-1].name)
            self.need(end)
            return build(tuple(iterators))

    def _iterator(self) -> nodes.Iterator:
        name = self.name_until("in")
        if name is None:
            raise self.unexpected(N_("a name followed by “in”"))
        self.need("in")
        domain = self.expression()
        end = self.expression() if self.take("..") else None
        return nodes.Iterator(name, domain, end)

    def _junction(self, operator: str, operand: Callable[[], nodes.Node]) -> nodes.Node:
        first = operand()
        if not self.is_at(operator):
            return first
        operands = [first]
        while self.take(operator):
            operands.append(operand())
        self._check_chain(len(operands))
        return nodes.Junction(first.position, operator, tuple(operands))

    def _check_chain(self, length: int) -> None:
        if length > MAX_CHAIN:
            raise FeelSyntaxError(N_("The expression is too long."), *self.token.position)

    def _comparison(self) -> nodes.Node:
        node = self.operand()
        for _ in range(_MAX_COMPARISONS):
            position = self.token.position
            if self.is_at(*_COMPARISONS):
                operator = self.advance().value
                node = nodes.Comparison(position, operator, node, self.operand())
            elif self.take("between"):
                low = self.operand()
                self.need("and")
                node = nodes.Between(position, node, low, self.operand())
            elif self.take("in"):
                node = nodes.In(position, node, self._tests_of_in())
            else:
                return node
        raise FeelSyntaxError(N_("The expression is nested too deeply."), *self.token.position)

    def operand(self) -> nodes.Node:
        return self._sum(is_range_end=False)

    def range_end(self) -> nodes.Node:
        return self._sum(is_range_end=True)

    def _sum(self, *, is_range_end: bool) -> nodes.Node:
        def power() -> nodes.Node:
            return self._chain(("**",), lambda: self._unary(is_range_end=is_range_end))

        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), power))

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], nodes.Node]) -> nodes.Node:
        first = operand()
        if not self.is_at(*operators):
            return first
        rest: list[tuple[str, nodes.Node, Position]] = []
        while operator := self.take(*operators):
            rest.append((operator.value, operand(), operator.position))
        self._check_chain(len(rest))
        return nodes.Arithmetic(first.position, first, tuple(rest))

    def _unary(self, *, is_range_end: bool) -> nodes.Node:
        if minus := self.take("-"):
            with self.nested():
                return nodes.Negation(minus.position, self._unary(is_range_end=is_range_end))
        if self.is_at("if", "for", "some", "every") and not self._starts_declared_name():
            return self.expression()
        if self.is_at("<", "<=", ">", ">="):
            with self.nested():
                return self.unbounded_range()
        node = self.postfixed(is_range_end=is_range_end)
        if self.is_at("instance") and self.follows("of"):
            position = self.advance().position
            self.need("of")
            return nodes.InstanceOf(position, node, self.type())
        return node

    def whole_tests(self) -> nodes.Tests:
        """The text of an input entry of a decision table (grammar rule 13)."""
        with self.scope(("?",)):
            position = self.token.position
            if self.is_at("-") and self.tokens[self.index + 1].kind == "end":
                self.advance()
                return nodes.Tests(position, ())
            tests = self._negated_tests() or nodes.Tests(position, self._test_list())
            self.need_end()
            return tests

    def _negated_tests(self) -> nodes.Tests | None:
        """`not(...)` around all tests; a call of the function `not` goes on after its bracket."""
        start = self.index
        position = self.token.position
        if not (self.is_at("not") and self.follows("(")):
            return None
        self.index += 2
        tests = self._test_list()
        if self.take(")") and self.token.kind == "end":
            return nodes.Tests(position, tests, is_negated=True)
        self.index = start
        return None

    def _tests_of_in(self) -> nodes.Tests:
        position = self.token.position
        if self.is_at("(") and not self._is_range_ahead():
            self.advance()
            with self.nested():
                tests = self._test_list()
            self.need(")")
            return nodes.Tests(position, tests)
        return nodes.Tests(position, (self._test(is_in_operator=True),))

    def _is_range_ahead(self) -> bool:
        """Whether `(` here opens a range such as `(1..5]`: it has `..` in no bracket but this one."""
        parentheses = brackets = 0
        for token in self.tokens[self.index :]:
            if token.kind != "symbol":
                continue
            parentheses += (token.value == "(") - (token.value == ")")
            brackets += (token.value in "[{") - (token.value in "]}")
            if parentheses == 0:
                return False
            if token.value == ".." and parentheses == 1 and brackets == 0:
                return True
        return False

    def _test_list(self) -> tuple[nodes.Node, ...]:
        tests = [self._test()]
        while self.take(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self, *, is_in_operator: bool = False) -> nodes.Node:
        position = self.token.position
        if self.is_at(*_COMPARISONS):
            operator = self.advance().value
            return nodes.ComparisonTest(position, operator, self.operand())
        start = self.index
        node = self.operand() if is_in_operator else self.expression()
        used = self.tokens[start : self.index]
        uses_input = any(token.kind == "name" and token.value == "?" for token in used)
        return nodes.ExpressionTest(position, node, uses_input)
