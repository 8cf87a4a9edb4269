"""Evaluate an expression in one line, at a fixed moment in Shanghai."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from app.feel import Environment, Result, compile_expression, compile_unary_tests, from_python

NOW = dt.datetime(2026, 3, 14, 1, 30, tzinfo=dt.UTC)
ENVIRONMENT = Environment(NOW, ZoneInfo("Asia/Shanghai"))


def evaluate(text: str, variables: dict[str, object] | None = None, environment: Environment = ENVIRONMENT) -> Result:
    """Variables are Python values; their names are declared."""
    values = {name: from_python(value) for name, value in (variables or {}).items()}
    return compile_expression(text, values).evaluate(values, environment)


def value_of(text: str, **variables: object) -> object:
    return evaluate(text, variables).value


def codes_of(text: str, **variables: object) -> list[str]:
    return [notice.code for notice in evaluate(text, variables).warnings]


def passes(tests: str, value: object, **variables: object) -> object:
    """Whether a Python value passes unary tests."""
    values = {name: from_python(variable) for name, variable in variables.items()}
    return compile_unary_tests(tests, values).evaluate(from_python(value), values, ENVIRONMENT).value
