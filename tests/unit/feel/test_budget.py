"""Every limit of a budget stops what would pass it."""

from __future__ import annotations

import dataclasses
import time

import pytest

from app.feel import DEFAULT_BUDGET, Budget, BudgetExceeded, Environment, EvaluationStopped, compile_expression
from tests.unit.feel.evaluating import ENVIRONMENT

PATIENT = dataclasses.replace(DEFAULT_BUDGET, seconds=60.0)


def run(text: str, budget: Budget = PATIENT) -> object:
    environment = Environment(ENVIRONMENT.now, ENVIRONMENT.zone, budget=budget)
    return compile_expression(text).evaluate({}, environment).value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("steps", "count(for i in 1..1000000000 return i)"),
        ("steps", "every i in 1..100000, j in 1..100000 satisfies i > 0"),
        ("steps", "count(for i in 1..20000 return partial)"),
        ("steps", '{s: string join(for i in 1..90000 return "x", ""), l: for i in 1..9000 return upper case(s)}'),
        ("steps", '{s: string join(for i in 1..90000 return "x", ""), l: for i in 1..9000 return s + "y"}'),
        ("depth", "{f: function(n) f(n + 1), r: f(1)}.r"),
        ("depth", "{f: function(n) [{a: {b: [f(n + 1)]}}], r: f(1)}.r"),
        ("size", "for i in 1..200000 return i"),
        ("size", "{a: for i in 1..400 return i, b: for i in a return a, c: b}"),
        ("digits", "10 ** 1500"),
        ("digits", "0.1 ** 1500"),
        ("digits", "exp(5000)"),
        ("digits", 'number("1" + string(10 ** 999) + "00")'),
        ("digits", "product(for i in 1..600 return i)"),
        ("string_length", '{f: function(n, s) if n = 0 then s else f(n - 1, s + s), r: f(30, "ab")}.r'),
        ("string_length", 'string join(for i in 1..90000 return "abcdefghijkl", "")'),
        ("string_length", 'replace(string join(for i in 1..90000 return "a", ""), "a", "0123456789abc")'),
        ("string_length", 'string(for i in 1..80000 return "0123456789ab")'),
        ("regex_length", 'matches("a", string join(for i in 1..1001 return "a", ""))'),
    ],
)
def test_limits(kind: str, text: str) -> None:
    with pytest.raises(BudgetExceeded) as exceeded:
        run(text)
    assert exceeded.value.kind == kind
    assert exceeded.value.limit == getattr(DEFAULT_BUDGET, kind)


def test_time_of_the_processor() -> None:
    budget = dataclasses.replace(DEFAULT_BUDGET, seconds=0.05, steps=10**12)
    start = time.monotonic()
    with pytest.raises(BudgetExceeded) as exceeded:
        run("every i in 1..1000000000 satisfies i > 0", budget)
    assert exceeded.value.kind == "seconds"
    assert time.monotonic() - start < 1


def test_who_asked_may_have_no_more_time_for_it() -> None:
    environment = Environment(ENVIRONMENT.now, ENVIRONMENT.zone, budget=PATIENT, is_over=lambda: True)
    assert compile_expression("1 + 1").evaluate({}, environment).value == 2
    with pytest.raises(EvaluationStopped):
        compile_expression("every i in 1..1000 satisfies i > 0").evaluate({}, environment)


def test_values_that_share_their_parts_cannot_explode() -> None:
    doubled = "{f: function(n, x) if n = 0 then x else f(n - 1, [x, x]), a: f(50, 1), b: f(50, 1), r: a = b}.r"
    with pytest.raises(BudgetExceeded):
        run(doubled)
    with pytest.raises(BudgetExceeded):
        run("{f: function(n, x) if n = 0 then x else f(n - 1, [x, x]), r: string(f(50, 1))}.r")
    with pytest.raises(BudgetExceeded):
        run("{f: function(n, x) if n = 0 then x else f(n - 1, [x, x]), r: f(50, 1)}.r")


def test_a_pattern_that_backtracks_elsewhere_is_quick_here() -> None:
    start = time.process_time()
    assert run('matches(string join(for i in 1..5000 return "a", "") + "b", "^(a+)+$")') is False
    assert time.process_time() - start < 1


def test_ordinary_work_is_within_the_default_budget() -> None:
    assert run("sum(for i in 1..10000 return i)") == 50005000
    assert run("{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(50)}.r") == 50


def test_every_limit_is_tested() -> None:
    names = {field.name for field in dataclasses.fields(Budget)}
    assert names == {"steps", "depth", "size", "digits", "string_length", "regex_length", "seconds"}
