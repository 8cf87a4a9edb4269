"""Camunda 7 conditions, translated and evaluated."""

from __future__ import annotations

import pytest

from app.feel import UntranslatableExpression, translate_juel
from tests.unit.feel.evaluating import evaluate

VARIABLES: dict[str, object] = {
    "amount": 7,
    "level": "major",
    "items": [],
    "note": "",
    "nothing": None,
    "approved": True,
    "order": {"customer": {"name": "Bo"}},
    "客户等级": "VIP",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${amount > 5}", True),
        ("${客户等级 == 'VIP'}", True),
        ("#{amount <= 5}", False),
        ("${level == 'major' && amount != 8}", True),
        ('${level eq "minor" or amount ge 7}', True),
        ("${not approved}", False),
        ("${!approved || amount lt 10}", True),
        ("${!(amount > 5 and approved)}", False),
        ("${empty items}", True),
        ("${empty note && empty nothing && not empty level}", True),
        ("${order.customer.name == 'Bo'}", True),
        ("${amount > 5 ? 'high' : 'low'}", "high"),
        ("${amount * 2 + 1 - 3}", 12),
        ("${(amount + 1) / 2 == 4}", True),
        ("${-amount < 0}", True),
        ("${level == 'it\\'s'}", False),
        ("${approved}", True),
        ("${true != false}", True),
        ("${nothing == null}", True),
        ("  ${ amount  >  5 }  ", True),
        ("${amount > 5 == approved}", True),
        ('${level == "a\\"b\\\\c"}', False),
    ],
)
def test_translation(text: str, expected: object) -> None:
    assert evaluate(translate_juel(text), VARIABLES).value == expected


@pytest.mark.parametrize(
    "text",
    [
        "amount > 5",
        "${}",
        "${execution.getVariable('a')}",
        "${service.run()}",
        "${items[0]}",
        "${amount = 5}",
        "${amount >}",
        "${(amount}",
        "${a b}",
        "${amount ? 1}",
        "${1.}",
        "${'open}",
        "${for}",
        "${a.b.}",
        "${a; b}",
        "${" + "(" * 100 + "1" + ")" * 100 + "}",
        "${a} and ${b}",
    ],
)
def test_what_is_not_translated(text: str) -> None:
    with pytest.raises(UntranslatableExpression):
        translate_juel(text)


def test_the_refusal_says_where() -> None:
    with pytest.raises(UntranslatableExpression) as refusal:
        translate_juel("${amount > list[0]}")
    assert refusal.value.column == 16
