"""Tokens, names, precedence and what is not FEEL (DMN 1.5 clause 10.3.1)."""

from __future__ import annotations

import pytest

from app.feel import FeelSyntaxError, compile_expression
from app.feel.notices import UNKNOWN_NAME
from tests.unit.feel.evaluating import codes_of, evaluate, value_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 ** 3 ** 2", 64),
        ("-3 ** 2", 9),
        ("--10", 10),
        (".5 + 1.5e2", 150.5),
        ("1 + 1 = 2 and 3 > 2", True),
        ("true or false and false", True),
        ("not(true) or true", True),
        ("1 // a comment\n + 1", 2),
        ("1 /* a\ncomment */ + 1", 2),
        ('"a" + "b" = "ab"', True),
        ("if true then 1 else 2 + 5", 1),
        ("1 + if true then 1 else 2", 2),
        ("[1, 2, 3][-1]", 3),
        ("{a: {b: [1, 2]}}.a.b[2]", 2),
        ("(function(x) x + 1)(2)", 3),
        ("if false then 1 else if null then 2 else 3", 3),
    ],
)
def test_precedence_and_literals(text: str, expected: object) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"a\\b"', "a\\b"),
        (r'"\n\t\r\'"', "\n\t\r'"),
        (r'"\u0041"', "A"),
        (r'"\U01F40E"', "🐎"),
        (r'"\uD83D\uDC0E"', "🐎"),
        (r'"\u0000\uD83D"', "\ufffd\ufffd"),  # what no text has
        (r'"\d"', "\\d"),
        ('"投诉"', "投诉"),
    ],
)
def test_string_escapes(literal: str, expected: str) -> None:
    assert value_of(literal) == expected


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("first name", {"first name": "Bo"}, "Bo"),
        ("first   name", {"first name": "Bo"}, "Bo"),
        ("a-b", {"a-b": 1, "a": 5, "b": 2}, 1),
        ("a - b", {"a": 5, "b": 2}, 3),
        ("a+b * 2", {"a+b": 3}, 6),
        ("Applicant's age + 1", {"Applicant's age": 41}, 42),
        ("in stock and true", {"in stock": True}, True),
        ("order and item", {"order and item": 1}, 1),
        ("for x in days in week return x", {"days in week": [1]}, [1]),
        ("form 1040", {"form 1040": 7}, 7),
        ("客户 姓名", {"客户 姓名": "王"}, "王"),
        ("date", {"date": 5}, 5),
        ('date("2020-01-01").year + date', {"date": 5}, 2025),
        ("{first name: 1}.first name", {}, 1),
        ("{a+b: 1}.a+b", {}, 1),
        ("people[first name = who].age", {"people": [{"first name": "Bo", "age": 3}], "who": "Bo"}, [3]),
        ("person.first name", {"person": {"first name": "Bo"}}, "Bo"),
        ("{a b: 1, c: a b + 1}.c", {}, 2),
        ("(function(my value) my value * 2)(my value: 4)", {}, 8),
        ("some my x in [1, 2] satisfies my x > 1", {}, True),
        ('@"2020-01-01T10:00:00+01:00".time offset', {}, value_of('@"PT1H"')),
        ("?", {"?": 1}, 1),
    ],
)
def test_names(text: str, variables: dict[str, object], expected: object) -> None:
    assert evaluate(text, variables).value == expected


def test_adjacent_words_are_one_unknown_name() -> None:
    result = evaluate("score board", {"score": 1})
    assert [(notice.code, notice.params["name"]) for notice in result.warnings] == [(UNKNOWN_NAME, "score board")]


def test_notices_have_a_position() -> None:
    notice = evaluate("1 +\n  missing").warnings[0]
    assert notice.position == (2, 3)
    assert "missing" in notice.message


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("a + b.c", {"a", "b"}),
        ("for x in xs return x + y", {"xs", "y"}),
        ("function(x) x + y", {"y"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("count(items) > 1", {"items"}),
        ("people[age > 18]", {"people"}),
        ("sum(for i in 1..3 return i)", set()),
    ],
)
def test_free_names(text: str, free: set[str]) -> None:
    assert compile_expression(text).free_names == free


def test_names_in_a_filter_are_free_when_they_are_declared() -> None:
    assert compile_expression("people[age > limit]", ["people", "limit"]).free_names == {"people", "limit"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, 1),
        ("1 +", 1, 4),
        ("(1", 1, 3),
        ("[1, 2", 1, 6),
        ("{a 1}", 1, 2),
        ("if a then b", 1, 12),
        ("for x return 1", 1, 5),
        ("1 +\n* 2", 2, 1),
        ('"open', 1, 1),
        ("a ~ b", 1, 3),
        ("1 instance of", 1, 14),
        ("1 instance of thing", 1, 15),
        ("f(a: 1, 2)", 1, 9),
        ("f(a: 1, a: 2)", 1, 1),
        ("{a: 1, a: 2}", 1, 1),
        ("x in [1..2", 1, 11),
        ("1 2", 1, 3),
        ("a b: 1", 1, 4),
        ("then", 1, 1),
    ],
)
def test_syntax_errors(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as error:
        compile_expression(text)
    assert (error.value.line, error.value.column) == (line, column)


def test_a_syntax_error_says_what_was_expected() -> None:
    with pytest.raises(FeelSyntaxError) as error:
        compile_expression("if a than b")
    assert error.value.expected == ("then",)


ENDLESS = {
    "parentheses": "(" * 200 + "1" + ")" * 200,
    "brackets": "[" * 200 + "]" * 200,
    "minus signs": "-" * 500 + "1",
    "paths": "a" + ".b" * 500,
    "filters": "a" + "[1]" * 500,
    "sums": "1" + " + 1" * 2000,
    "letters": "x" * 200_000,
    "comparisons": "a = " * 100 + "a",
    "calls": "not(" * 100 + "true" + ")" * 100,
    "ranges": "1 in (" * 60 + "1..2]",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_texts_that_are_too_deep_or_too_long(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


def test_long_chains_do_not_nest() -> None:
    assert value_of(" + ".join(["1"] * 900)) == 900
    assert value_of(" and ".join(["true"] * 900)) is True
    assert value_of("if false then 0 else " * 400 + "1") == 1


def test_compiled_expressions_are_cached_by_text_and_names() -> None:
    assert compile_expression("a-b", ["a", "b"]) is compile_expression("a-b", {"b", "a"})
    assert compile_expression("a-b", ["a-b"]) is not compile_expression("a-b", ["a", "b"])


def test_nothing_after_a_dot_is_unknown_until_it_is_read() -> None:
    assert codes_of("a.b", a=None) == []
