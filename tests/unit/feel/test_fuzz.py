"""Whatever the text, only the declared exceptions come out.

Short by default; `FEEL_FUZZ_SECONDS=60` makes it long.
"""

from __future__ import annotations

import os
import random
import time
from contextlib import suppress

from app.feel import Budget, Environment, FeelError, compile_expression, compile_unary_tests, encode, from_python
from app.feel.builtins import BUILT_INS
from app.feel.juel import translate_juel
from tests.unit.feel.evaluating import ENVIRONMENT

SECONDS = float(os.environ.get("FEEL_FUZZ_SECONDS", "2"))
BUDGET = Budget(steps=20_000, size=2_000, string_length=20_000, seconds=0.5)
TIGHT = Environment(ENVIRONMENT.now, ENVIRONMENT.zone, budget=BUDGET)
VARIABLES: dict[str, object] = {
    "a": from_python(1),
    "first name": "Bo",
    "xs": from_python([1, "x", None, {"b": 2}]),
    "p": from_python({"a": 1, "b": [1, 2]}),
}
LITERALS = ["1", "0", "-2.5", "1e3", '"a"', '"(.)"', "true", "false", "null", '@"2020-01-01"', '@"P1D"', '@"P1Y"']
LITERALS += [
    '@"10:00:00Z"',
    '@"2020-01-01T10:00:00@Europe/Paris"',
    "[1..3]",
    "(< 5)",
    "[]",
    "{}",
    "xs",
    "p",
    "a",
    "item",
]
PIECES = [*LITERALS, "first name", "?", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "+", "-", "*", "/", "**"]
PIECES += ["=", "!=", "<", ">=", "and", "or", "in", "between", "instance of", "number", "list<number>", "if", "then"]
PIECES += ["else", "for x in", "return", "some y in", "every z in", "satisfies", "function(q)", "not", "//", "/*", "'"]
PIECES += ["@", '"', "\\", "\n", "é", "🐎", "\x00", "partial", "external", "999999999999999999999999999999999999999"]


def expression(chance: random.Random, depth: int = 0) -> str:
    """A text that is mostly well formed."""
    if depth > 4 or chance.random() < 0.25:
        return chance.choice(LITERALS)

    def part() -> str:
        return expression(chance, depth + 1)

    shapes = (
        lambda: f"{part()} {chance.choice(['+', '-', '*', '/', '**', '=', '<', '>=', 'and', 'or', '!='])} {part()}",
        lambda: f"{chance.choice(sorted(BUILT_INS))}({', '.join(part() for _ in range(chance.randrange(4)))})",
        lambda: f"({part()})[{part()}]",
        lambda: f"({part()}).{chance.choice(['a', 'b', 'year', 'start', 'days'])}",
        lambda: f"[{part()}, {part()}]",
        lambda: f"{{a: {part()}, b: {part()}}}",
        lambda: f"if {part()} then {part()} else {part()}",
        lambda: f"for x in {part()} return {part()}",
        lambda: f"some x in {part()} satisfies {part()}",
        lambda: f"({part()}) in ({part()}, {part()})",
        lambda: f"({part()}) between {part()} and {part()}",
        lambda: f"(function(x, y) {part()})({part()}, {part()})",
        lambda: f"-({part()})",
        lambda: f"({part()}) instance of {chance.choice(['number', 'list<Any>', 'context<a: number>', 'Any'])}",
        lambda: f"[{part()}..{part()}]",
    )
    return chance.choice(shapes)()


def soup(chance: random.Random) -> str:
    """A text that is mostly not well formed."""
    separator = chance.choice(["", " "])
    return separator.join(chance.choice(PIECES) for _ in range(chance.randrange(1, 25)))


def try_out(text: str) -> None:
    with suppress(FeelError):
        encode(compile_expression(text, VARIABLES).evaluate(VARIABLES, TIGHT).value)
    with suppress(FeelError):
        compile_unary_tests(text, VARIABLES).evaluate(from_python(1), VARIABLES, TIGHT)
    with suppress(FeelError):
        translate_juel(f"${{{text}}}")


def test_only_declared_exceptions() -> None:
    seed = int(os.environ.get("FEEL_FUZZ_SEED", "20260314"))
    chance = random.Random(seed)
    end = time.monotonic() + SECONDS
    count = 0
    while time.monotonic() < end or count < 200:
        count += 1
        text = expression(chance) if chance.random() < 0.6 else soup(chance)
        try:
            try_out(text)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} from {text!r} (seed {seed}, round {count})") from error
