"""Decision tables: hit policies, outputs and defaults (DMN 1.5 clause 8)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.feel import Budget, BudgetExceeded, Environment, from_python
from app.feel.dmn import DecisionModelRefused, load_dmn
from app.feel.notices import HIT_POLICY
from tests.unit.feel.dmn.models import decide, decision, definitions, input_data, model, table
from tests.unit.feel.evaluating import ENVIRONMENT

OVERLAPPING = [("< 10", '"low"'), ("< 20", '"middle"'), ("< 30", '"high"')]
NUMBERS = [("< 10", "1"), ("< 20", "5"), ("< 30", "3")]
VALUES = '"high", "middle", "low"'


def decided(logic: str, value: object) -> object:
    return decide(model(input_data("n"), decision("result", logic, "n")), "result", n=value).value


@pytest.mark.parametrize(
    ("policy", "value", "expected"),
    [
        ("UNIQUE", 25, "high"),
        ("UNIQUE", 5, None),
        ("UNIQUE", 99, None),
        ("U", 25, "high"),
        ("ANY", 5, None),
        ("FIRST", 5, "low"),
        ("PRIORITY", 5, "high"),
        ("COLLECT", 15, ["middle", "high"]),
        ("COLLECT", 99, []),
        ("RULE ORDER", 5, ["low", "middle", "high"]),
        ("OUTPUT ORDER", 5, ["high", "middle", "low"]),
    ],
)
def test_hit_policy(policy: str, value: int, expected: object) -> None:
    assert decided(table(["n"], ["level"], OVERLAPPING, policy, output_values=VALUES), value) == expected


def test_any_accepts_rules_that_agree() -> None:
    assert decided(table(["n"], ["x"], [("< 10", "1"), ("< 20", "1.0")], "ANY"), 5) == 1


@pytest.mark.parametrize(
    ("aggregation", "value", "expected"),
    [("SUM", 5, 9), ("MIN", 5, 1), ("MAX", 5, 5), ("COUNT", 5, 3), ("COUNT", 99, 0), ("SUM", 99, None)],
)
def test_aggregation(aggregation: str, value: int, expected: object) -> None:
    assert decided(table(["n"], ["x"], NUMBERS, "COLLECT", aggregation), value) == expected


def test_several_outputs_are_a_context() -> None:
    logic = table(["n"], ["level", "fee"], [("< 10", '"low"', "n * 2"), (">= 10", '"high"', "")])
    assert decided(logic, 4) == {"level": "low", "fee": Decimal(8)}
    assert decided(logic, 40) == {"level": "high", "fee": None}


def test_default_output_when_nothing_matches() -> None:
    assert decided(table(["n"], ["x"], NUMBERS, "UNIQUE", default="7"), 99) == 7
    assert decided(table(["n"], ["x"], NUMBERS, "COLLECT", default="7"), 99) == [7]


def test_a_violated_hit_policy_leaves_a_notice() -> None:
    result = decide(model(input_data("n"), decision("result", table(["n"], ["x"], NUMBERS), "n")), "result", n=5)
    assert [notice.code for notice in result.warnings] == [HIT_POLICY]


def test_an_output_outside_its_values_is_null() -> None:
    assert decided(table(["n"], ["x"], [("-", '"other"')], output_values=VALUES), 1) is None


@pytest.mark.parametrize(
    ("logic", "reason"),
    [
        (table(["n"], ["x"], [("1", "1")], "BEST"), "hit policy"),
        (table(["n"], ["x", "y"], [("1", "1", "1")], "COLLECT", "SUM"), "one output"),
        (table(["n"], ["x"], [("1",)]), "one entry for each column"),
        (table(["n"], ["x"], [("1 +", "1")]), "ends too early"),
        (table(["n"], ["x"], [("1", "1 1")]), "cannot stand here"),
    ],
)
def test_refused_tables(logic: str, reason: str) -> None:
    with pytest.raises(DecisionModelRefused, match=reason):
        load_dmn(definitions(input_data("n"), decision("result", logic, "n")))


def test_tables_are_on_a_budget() -> None:
    source = model(input_data("n"), decision("result", table(["n"], ["x"], NUMBERS * 100, "COLLECT"), "n"))
    tight = Environment(ENVIRONMENT.now, ENVIRONMENT.zone, budget=Budget(steps=100))
    with pytest.raises(BudgetExceeded):
        source.evaluate("result", {"n": from_python(1)}, tight)
