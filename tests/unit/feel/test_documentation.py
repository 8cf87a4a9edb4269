"""Runs every example of docs/feel.md."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.feel import Environment, compile_expression, compile_unary_tests, translate_juel
from app.feel.builtins import BUILT_INS
from app.feel.dmn import load_dmn
from app.feel.values.equality import same
from tests.unit.feel.evaluating import ENVIRONMENT

DOCUMENT = (Path(__file__).parents[3] / "docs" / "feel.md").read_text(encoding="utf-8")


def blocks(language: str) -> Iterator[str]:
    return (match.group(1) for match in re.finditer(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL))


def examples(language: str) -> list[tuple[str, str, str]]:
    """Text, expected value and expected codes of notices."""
    found: list[tuple[str, str, str]] = []
    for block in blocks(language):
        for line in block.splitlines():
            text, mark, rest = line.rpartition("// = ")
            assert mark, f"no expected value: {line}"
            match = re.fullmatch(r"(.*?)(?: \(([A-Z_, ]+)\))?", rest)
            assert match is not None
            found.append((text.strip(), match.group(1), match.group(2) or ""))
    return found


def value_of(text: str, variables: dict[str, object] | None = None) -> object:
    names = variables or {}
    return compile_expression(text, names).evaluate(names, ENVIRONMENT).value


def the_variables() -> dict[str, object]:
    (text,) = blocks("feel-variables")
    variables = value_of(text)
    assert isinstance(variables, dict)
    return variables


VARIABLES = the_variables()


def agree(value: object, expected: str) -> bool:
    return same(value, value_of(expected, VARIABLES), lambda _: None)


@pytest.mark.parametrize(("text", "expected", "codes"), examples("feel"))
def test_expressions(text: str, expected: str, codes: str) -> None:
    result = compile_expression(text, VARIABLES).evaluate(VARIABLES, ENVIRONMENT)
    assert agree(result.value, expected)
    if codes:
        assert ", ".join(notice.code for notice in result.warnings) == codes


@pytest.mark.parametrize(("text", "expected", "_codes"), examples("feel-tests"))
def test_unary_tests(text: str, expected: str, _codes: str) -> None:
    value, _, tests = text.partition(" : ")
    result = compile_unary_tests(tests, VARIABLES).evaluate(value_of(value, VARIABLES), VARIABLES, ENVIRONMENT)
    assert agree(result.value, expected)


@pytest.mark.parametrize(("text", "expected", "_codes"), examples("juel"))
def test_camunda_conditions(text: str, expected: str, _codes: str) -> None:
    assert agree(value_of(translate_juel(text), VARIABLES), expected)


@pytest.mark.parametrize(("name", "expected", "_codes"), examples("dmn-results"))
def test_decisions(name: str, expected: str, _codes: str) -> None:
    (xml,) = blocks("dmn")
    assert agree(load_dmn(xml.encode()).evaluate(name, VARIABLES, ENVIRONMENT).value, expected)


class NoBreaks:
    """A calendar on which every hour is a working hour."""

    def add_working_days(self, start: dt.datetime, days: Decimal) -> dt.datetime:
        return start + dt.timedelta(days=float(days))

    def add_working_hours(self, start: dt.datetime, hours: Decimal) -> dt.datetime:
        return start + dt.timedelta(hours=float(hours))

    def working_hours_between(self, start: dt.datetime, end: dt.datetime) -> Decimal:
        return Decimal((end - start) // dt.timedelta(hours=1))

    def day_part(self, moment: dt.datetime) -> str:
        return "morning" if moment.hour < 12 else "afternoon"

    def next_other_part(self, start: dt.datetime, parts: Collection[str]) -> dt.datetime:
        return start + dt.timedelta(hours=6 * len(parts))


def test_working_time() -> None:
    environment = Environment(ENVIRONMENT.now, ENVIRONMENT.zone, NoBreaks())
    (block,) = blocks("feel-calendar")
    for text in block.splitlines():
        assert compile_expression(text, VARIABLES).evaluate(VARIABLES, environment).value is not None


@pytest.mark.parametrize("name", BUILT_INS)
def test_every_function_has_an_example(name: str) -> None:
    assert f"{name}(" in "".join([*blocks("feel"), *blocks("feel-calendar")])
