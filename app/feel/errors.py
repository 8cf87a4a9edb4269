"""What a caller of the expression language can be told, besides a value."""

from __future__ import annotations


class FeelError(ValueError):
    """The base of every exception this package raises on purpose."""


class FeelSyntaxError(FeelError):
    """A text that is not FEEL.

    `line` and `column` count from 1. `expected` names what could have stood there.
    `msgid` and `params` are the translatable form of `message`.
    """

    def __init__(
        self,
        msgid: str,
        line: int,
        column: int,
        expected: tuple[str, ...] = (),
        params: dict[str, str] | None = None,
    ) -> None:
        self.msgid = msgid
        self.params = params or {}
        self.message = msgid % self.params if self.params else msgid
        self.line = line
        self.column = column
        self.expected = expected
        hint = f"; expected {', '.join(expected)}" if expected else ""
        super().__init__(f"line {line}, column {column}: {self.message}{hint}")


class BudgetExceeded(FeelError):
    """An evaluation that wanted more than its `Budget` allows.

    `kind` is the name of the field of `Budget`, `limit` the value it has there.
    """

    def __init__(self, kind: str, limit: float) -> None:
        self.kind = kind
        self.limit = limit
        super().__init__(f"the expression needs more than its budget allows: {kind} ({limit:g})")


class EvaluationStopped(FeelError):
    """Whoever asked for the value has no more time for it: `Environment.is_over` said so."""


class NotRepresentable(FeelError):
    """A value that has no counterpart on the other side of a conversion."""


class UntranslatableExpression(FeelError):
    """A `${...}` body that uses more than the operators that can be translated to FEEL."""

    def __init__(self, msgid: str, text: str, column: int) -> None:
        self.msgid = msgid
        self.text = text
        self.column = column
        super().__init__(f"column {column} of {text!r}: {msgid}")
