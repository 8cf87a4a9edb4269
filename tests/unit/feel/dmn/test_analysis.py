"""Overlaps, gaps and unreachable rules are found, with an example each."""

from __future__ import annotations

import time

import pytest

from app.feel.dmn import Finding
from app.feel.dmn.analysis import MAX_FINDINGS
from tests.unit.feel.dmn.models import decision, input_data, model, table
from tests.unit.feel.evaluating import ENVIRONMENT

Rules = list[tuple[str, ...]]
Found = tuple[str, tuple[int, ...], object]


def findings(rules: Rules, policy: str = "UNIQUE", inputs: tuple[str, ...] = ("n",), **options: str) -> list[Finding]:
    names = [input_data(name) for name in inputs]
    source = model(*names, decision("d", table(list(inputs), ["x"], rules, policy, **options), *inputs))
    return list(source.analyse(ENVIRONMENT))


def found(
    rules: Rules, policy: str = "UNIQUE", inputs: tuple[str, ...] = ("n",)
) -> list[tuple[str, tuple[int, ...], object]]:
    return [(finding.kind, finding.rules, finding.example) for finding in findings(rules, policy, inputs)]


@pytest.mark.parametrize(
    "rules",
    [
        [("< 10", "1"), (">= 10", "2")],
        [("< 10", "1"), ("[10..20]", "2"), ("> 20", "3")],
        [('"a"', "1"), ('not("a")', "2")],
        [("true", "1"), ("false", "2")],
        [("-", "1")],
        [('@"2020-01-01"', "1"), ('!= @"2020-01-01"', "2")],
    ],
)
def test_sound_tables(rules: Rules) -> None:
    assert found(rules) == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("<= 10", "1"), (">= 10", "2")], ("overlap", (1, 2), {"n": "10"})),
        ([("< 10", "1"), ("> 10", "2")], ("gap", (), {"n": "10"})),
        ([("< 10", "1"), ("[10..20]", "2")], ("gap", (), {"n": "> 20"})),
        ([("[0..5]", "1"), ("[7..9]", "2"), ("< 0", "3"), ("> 9", "4")], ("gap", (), {"n": "(5..7)"})),
        ([("true", "1")], ("gap", (), {"n": "false"})),
        ([('"a"', "1"), ('"b"', "2")], ("gap", (), {"n": 'not("a", "b")'})),
        ([('"a", "b"', "1"), ('not("a")', "2")], ("overlap", (1, 2), {"n": '"b"'})),
        ([("[5..1]", "1"), ("-", "2")], ("unreachable", (1,), {})),
    ],
)
def test_findings(rules: Rules, expected: tuple[str, tuple[int, ...], object]) -> None:
    assert expected in found(rules)


def test_two_inputs() -> None:
    rules: Rules = [('"major"', "< 60", "1"), ('"major"', ">= 60", "2"), ('"minor"', "-", "3")]
    assert found(rules, inputs=("level", "score")) == [("gap", (), {"level": 'not("major", "minor")'})]
    rules.append(('not("major", "minor")', "< 5", "4"))
    assert found(rules, inputs=("level", "score")) == [
        ("gap", (), {"level": 'not("major", "minor")', "score": score}) for score in ("5", "(5..60)", "60", "> 60")
    ]


def test_rules_that_come_too_late() -> None:
    rules: Rules = [("< 10", "1"), (">= 10", "2"), ("5", "3"), ("-", "4")]
    assert found(rules, "FIRST") == [("unreachable", (3,), {}), ("unreachable", (4,), {})]


def test_a_default_output_closes_all_gaps() -> None:
    assert findings([("< 10", "1")], default="0") == []


def test_tables_with_computed_cells_are_left_out() -> None:
    assert found([("< limit", "1")]) == []
    assert found([("even(?)", "1")]) == []
    assert found([('"a"', "1"), ("5", "2")]) == []


def test_large_tables_are_given_up_rather_than_waited_for() -> None:
    inputs = tuple(f"n{index}" for index in range(14))
    rules: Rules = [(*("< 5" if index == row else "-" for index in range(14)), "1") for row in range(14)]
    start = time.process_time()
    gaps = findings(rules, "COLLECT", inputs)
    assert {finding.kind for finding in gaps} == {"gap"}
    assert len(gaps) == MAX_FINDINGS
    assert time.process_time() - start < 5


def test_a_finding_names_its_table() -> None:
    finding = findings([("< 10", "1")])[0]
    assert finding.element == "decisionTable in decision “d”"
    assert finding.line == 4
