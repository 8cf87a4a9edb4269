"""Input entries of decision tables (DMN 1.5 grammar rules 7 to 15, table 55)."""

from __future__ import annotations

import pytest

from app.feel import FeelSyntaxError, compile_unary_tests
from tests.unit.feel.evaluating import ENVIRONMENT, passes


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", 1, True),
        ("-", None, True),
        ("5", 5, True),
        ("5", 6, False),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ("< 5", 3, True),
        ("<= 5", 5, True),
        ("> 5, < 2", 1, True),
        ("!= 5", 6, True),
        ("= 5", 5, True),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ("]1..5[", 3, True),
        ("not(5)", 5, False),
        ("not(5, 6)", 7, True),
        ("not(< 5)", 4, False),
        ("not([1..3])", None, None),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("false", None, False),
        ("true", None, False),
        ("null", None, True),
        ("null", 1, False),
        ('"a"', 1, None),
        ("? > 5 and ? < 8", 6, True),
        ("? > 5 and ? < 8", 9, False),
        ("even(?)", 4, True),
        ("not(even(?))", 4, False),
        ("not(even(?)) or ? = 4", 4, True),
        ("list contains(?, 3)", [1, 3], True),
        ("[1, 2, 3]", 2, True),
        ("[1, 2, 3]", 4, False),
        ("limit", 7, True),
        ("< limit * 2", 13, True),
        ("allowed", "y", True),
        ('@"2020-01-01"', "2020-01-01", None),
        ("count(?) > 1", [1, 2], True),
        ("{a: 1}", {"a": 1}, True),
        ("? in [1, 2]", 2, True),
        ('starts with(?, "a"), "b"', "b", True),
    ],
)
def test_unary_tests(tests: str, value: object, expected: object) -> None:
    assert passes(tests, value, limit=7, allowed=["x", "y"]) is expected


def test_a_boolean_that_does_not_mention_the_input_decides_for_values_of_other_types() -> None:
    assert passes("is open", 5, **{"is open": True}) is True
    assert passes("is open", True, **{"is open": False}) is False


@pytest.mark.parametrize("tests", ["", ">", "1,", "not(1", "- 1 2", "1 .. 2"])
def test_syntax_errors(tests: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(tests)


def test_free_names_do_not_include_the_input() -> None:
    tests = compile_unary_tests("? > limit")
    assert tests.free_names == {"limit"}
    assert not tests.is_irrelevant
    assert compile_unary_tests("-").is_irrelevant
    assert tests.evaluate(None, {}, ENVIRONMENT).value is None
