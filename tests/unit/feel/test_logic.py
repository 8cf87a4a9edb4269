"""Three-valued logic and comparisons: DMN 1.5 tables 50 to 54."""

from __future__ import annotations

import pytest

from app.feel.notices import NOT_COMPARABLE, UNKNOWN_NAME
from tests.unit.feel.evaluating import codes_of, value_of

TRUTH = {"true": True, "false": False, "null": None}
CONJUNCTION = {("true", "true"): True, ("true", "null"): None, ("null", "true"): None, ("null", "null"): None}
DISJUNCTION = {("false", "false"): False, ("false", "null"): None, ("null", "false"): None, ("null", "null"): None}


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_conjunction(left: str, right: str) -> None:
    assert value_of(f"{left} and {right}") is CONJUNCTION.get((left, right), False)


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_disjunction(left: str, right: str) -> None:
    assert value_of(f"{left} or {right}") is DISJUNCTION.get((left, right), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a" and true', None),
        ('"a" and false', False),
        ('"a" or true', True),
        ('"a" or false', None),
        ("1 and 1", None),
        ("true and true and null", None),
        ("true and null and false", False),
        ("null or false or true", True),
        ("true or false and false", True),
    ],
)
def test_operands_that_are_not_boolean(text: str, expected: object) -> None:
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null = null", True),
        ("null != null", False),
        ("1 = null", False),
        ("1 != null", True),
        ("1 = 1.00", True),
        ("-0 = 0", True),
        ('1 = "1"', None),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [2, 1]", False),
        ("[1] = 1", None),
        ('{a: 1, b: "x"} = {b: "x", a: 1}', True),
        ("{a: 1} = {a: 2}", False),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        ('@"P1D" = @"PT24H"', True),
        ('@"P1Y" = @"P12M"', True),
        ('@"P1Y" = @"P365D"', None),
        ('@"10:30:00Z" = @"10:30:00+00:00"', True),
        ('@"10:30:00Z" = @"10:30:00"', False),
        ('@"2018-12-08T00:00:00+00:00" = @"2018-12-08T00:00:00@Etc/UTC"', True),
        ('@"2018-12-08T01:00:00+01:00" = @"2018-12-08T00:00:00Z"', True),
        ('@"2018-10-08T00:00:00+01:00" = @"2018-10-08T00:00:00@Europe/Paris"', False),
        ('@"2018-12-08T00:00:00" = @"2018-12-08T00:00:00Z"', False),
        ('@"10:30:00+02:00" = @"10:30:00+01:00"', False),
        ('@"10:30:00+02:00" = @"08:30:00Z"', True),
    ],
)
def test_equality(text: str, expected: object) -> None:
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 < 2", True),
        ("2 <= 2", True),
        ("2 > 2", False),
        ('"a" < "b"', True),
        ('@"2020-02-29" < @"2020-03-01"', True),
        ('@"10:00:00+02:00" < @"10:00:00Z"', True),
        ('@"2020-01-01T10:00:00+02:00" < @"2020-01-01T08:00:01Z"', True),
        ('@"2020-01-01T10:00:00" < @"2020-01-01T08:00:01Z"', None),
        ('@"P1D" > @"PT23H"', True),
        ('@"P1Y" >= @"P11M"', True),
        ("true < false", None),
        ("1 < null", None),
        ('1 < "2"', None),
        ("5 between 1 and 5", True),
        ("5 between 6 and 9", False),
        ("5 between null and 4", False),
        ("5 between null and 6", None),
    ],
)
def test_order(text: str, expected: object) -> None:
    assert value_of(text) is expected


def test_values_of_different_types_leave_a_notice() -> None:
    assert codes_of('1 = "1"') == [NOT_COMPARABLE]


def test_an_unknown_name_is_null_and_leaves_a_notice() -> None:
    assert value_of("missing = null") is True
    assert codes_of("missing = null") == [UNKNOWN_NAME]
