"""Paths, filters, loops, functions and types (DMN 1.5 clauses 10.3.2 and 10.3.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.feel.notices import NOT_A_FUNCTION, NOT_SUPPORTED, TYPE_MISMATCH, UNKNOWN_PROPERTY, WRONG_ARGUMENTS
from tests.unit.feel.evaluating import codes_of, value_of

PEOPLE = [{"name": "a", "age": 3}, {"name": "b", "age": 30}, {"name": "c"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("people[1].name", "a"),
        ("people[-1].name", "c"),
        ("people[4]", None),
        ("people[0]", None),
        ("people[1.5]", None),
        ("people.name", ["a", "b", "c"]),
        ("people.age", [3, 30, None]),
        ("people[age > 18].name", ["b"]),
        ("people[item.age = 3].name", ["a"]),
        ("people[name = who].age", [30]),
        ("people[age > 1][2].name", "b"),
        ("people[true]", PEOPLE),
        ("people[null]", []),
        ("people[which]", PEOPLE[1]),
        ("null[1]", None),
        ("null[true]", []),
        ("5[1]", 5),
        ("5[item > 3]", [5]),
        ("[][1]", None),
        ("[[1, 2], [3]][count(item) = 1]", [[3]]),
        ("[{item: 1}, {item: 2}][item >= 2]", [{"item": 2}]),
        ("[1, 2, 3, 4][even(item)]", [2, 4]),
        ("[[1], [2, 3]][1]", [1]),
        ("{a: [{b: 1}, {b: 2}]}.a.b", [1, 2]),
        ("[1..5].start", 1),
        ("(1..5].start included", False),
        ("]1..5[.end included", False),
        ("(< 5).start", None),
        ("(>= 5).start included", True),
    ],
)
def test_paths_and_filters(text: str, expected: object) -> None:
    assert value_of(text, people=PEOPLE, who="b", which=2) == expected


def test_a_missing_entry_leaves_a_notice() -> None:
    assert codes_of("a.b", a={"c": 1}) == [UNKNOWN_PROPERTY]
    assert codes_of('"text".length') == [UNKNOWN_PROPERTY]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for i in [1, 2] return i * 2", [2, 4]),
        ("for i in 1..3 return i", [1, 2, 3]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in (1..4) return i", [2, 3]),
        ("for i in 1..2, j in i..2 return [i, j]", [[1, 1], [1, 2], [2, 2]]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ("for i in 1..2 return partial", [[], [[]]]),
        ("for i in 5 return i", [5]),
        ("for i in [] return i", []),
        ("for i in null return i", None),
        ("for i in 1..1.5 return i", None),
        ('count(for d in @"2024-02-27"..@"2024-03-01" return d)', 4),
        ("some i in [1, 2] satisfies i > 1", True),
        ("some i in [1, null] satisfies i > 1", None),
        ("some i in [] satisfies true", False),
        ("every i in [1, 2] satisfies i > 0", True),
        ("every i in [1, null] satisfies i > 0", None),
        ("every i in [0, null] satisfies i > 0", False),
        ("every i in [1, 2], j in [1, 2] satisfies i + j > 1", True),
        ("every i in null satisfies true", None),
    ],
)
def test_loops(text: str, expected: object) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{f: function(x, y) x - y, a: f(5, 3), b: f(y: 5, x: 3)}.a", 2),
        ("{f: function(x, y) x - y, b: f(y: 5, x: 3)}.b", -2),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", 3628800),
        ("(for i in 1..3 return function() i)[1]()", 1),
        ("{k: 10, f: function(x) x + k, g: function(k) f(1), r: g(99)}.r", 11),
        ("(function(a) function(b) a * b)(6)(7)", 42),
        ("{f: function(x: number) x, r: f([5])}.r", 5),
        ('{f: function(x: number) x = null, r: f("a")}.r', True),
        ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
        ("{max: function(a) a, r: max(3)}.r", 3),
        ("{apply: function(f, x) f(x), r: apply(abs, -3)}.r", 3),
        ("(function() 1)(2)", None),
        ("(function(a) a)(b: 2)", None),
        ("5(1)", None),
    ],
)
def test_functions(text: str, expected: object) -> None:
    assert value_of(text) == expected


def test_calls_that_cannot_be_made_leave_a_notice() -> None:
    assert codes_of("5(1)") == [NOT_A_FUNCTION]
    assert codes_of("abs()") == [WRONG_ARGUMENTS]
    assert codes_of('abs("x")') == [WRONG_ARGUMENTS]
    assert codes_of("abs(number: 5)") == [WRONG_ARGUMENTS]
    assert codes_of('1 + "a"') == [TYPE_MISMATCH]
    assert codes_of('(function(a) external {java: {class: "x"}})') == [NOT_SUPPORTED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("1 instance of Any", True),
        ("null instance of number", False),
        ("null instance of Any", False),
        ('@"P1Y" instance of years and months duration', True),
        ('@"P1D" instance of years and months duration', False),
        ('@"2020-01-01" instance of date and time', False),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[1, null] instance of list<number>", True),
        ("[] instance of list<string>", True),
        ("1 instance of list<number>", False),
        ("[1..2] instance of range<number>", True),
        ("[1..2] instance of range<string>", False),
        ("{a: 1} instance of context<a: number>", True),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{b: 2} instance of context<a: number>", False),
        ("abs instance of function<Any> -> Any", False),
        ('(function() "a") instance of function<> -> string', True),
        ("(function(a: number) a > 1) instance of function<number> -> boolean", True),
        ("(function(a: number) 1) instance of function<string> -> number", False),
    ],
)
def test_instance_of(text: str, expected: bool) -> None:
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 in 1", True),
        ("1 in (2, 3, 1)", True),
        ("1 in (< 1, > 5)", False),
        ("1 in [1..2]", True),
        ("1 in (1..2]", False),
        ("1 in ]0..2[", True),
        ("1 in [1, 2]", True),
        ("1 in [[2..4], [1..3]]", True),
        ("1 in >= 1", True),
        ("1 in [< 5, > 10]", True),
        ("7 in [< 5, > 10]", False),
        ("(>= 2) = >=2", True),
        ("5 in (= 5)", True),
        ("1 in null", False),
        ("null in null", True),
        ("null in [1, null]", True),
        ("null in [1..2]", None),
        ('1 in ["a", 1]', True),
        ('"b" in ["a".."c"]', True),
        ("[1] in [[1], [2]]", True),
        ("[1, 2] in [1, 2]", True),
        ("5 in (> 3)", True),
        ("5 in (? > 7, ? = 5)", True),
        ("[1..3] in [[1..3]]", True),
    ],
)
def test_in(text: str, expected: object) -> None:
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 / 4", Decimal("2.5")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("1 / 0", None),
        ("0 / 0", None),
        ("2 ** -1", Decimal("0.5")),
        ("2 ** 0.5", Decimal("1.414213562373095048801688724209698")),
        ("(-1) ** 0.5", None),
        ('"a" + "b"', "ab"),
        ('"a" - "b"', None),
        ("1 + null", None),
        ("0.1 + 0.2", Decimal("0.3")),
        ("9999999999999999999999999999999999 + 1", Decimal("1E+34")),
    ],
)
def test_arithmetic(text: str, expected: object) -> None:
    assert value_of(text) == expected
