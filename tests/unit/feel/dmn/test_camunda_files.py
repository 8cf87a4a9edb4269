"""What tables made for Camunda 7 mean: its types, names of columns, and required decisions by their outputs."""

from __future__ import annotations

import pytest

from app.feel.dmn import DecisionModel, DecisionModelRefused
from app.feel.notices import NOT_OF_TYPE, UNKNOWN_NAME
from tests.unit.feel.dmn.models import decide, model, table

MEMBERS = table(["visits"], ["level"], [("< 3", '"new"'), (">= 3", '"regular"')])
GIFT = table(["level"], ["gift"], [('"new"', '"tea"'), ('"regular"', '"coffee"')])
LEVELS = table(["visits"], ["level", "points"], [("< 3", '"new"', "1"), ("< 9", '"known"', "2")], "COLLECT")


def decided_by(logic: str, variable: str = "") -> str:
    """Two decisions without input data: `gift`, and `membership` that it requires."""
    requirement = '<informationRequirement><requiredDecision href="#m"/></informationRequirement>'
    return (
        f'<decision id="g" name="gift">{requirement}{logic}</decision>'
        f'<decision id="m" name="membership">{variable}{MEMBERS if "level" in logic else LEVELS}</decision>'
    )


def typed(type_: str, cell: str, output: str, column: str = "") -> DecisionModel:
    """A table that tests `n`; `column` are attributes of its input."""
    return model(
        f'<decision id="d" name="d"><decisionTable><input {column}><inputExpression typeRef="{type_}">'
        f"<text>n</text></inputExpression></input><output/><rule><inputEntry><text>{cell}</text></inputEntry>"
        f"<outputEntry><text>{output}</text></outputEntry></rule></decisionTable></decision>"
    )


@pytest.mark.parametrize(
    ("type_", "value", "code"),
    [
        ("double", 2.5, None),
        ("integer", 2, None),
        ("long", 2, None),
        ("integer", 2.5, NOT_OF_TYPE),
        ("long", "2", NOT_OF_TYPE),
    ],
)
def test_its_names_of_numbers_are_numbers(type_: str, value: object, code: str | None) -> None:
    result = decide(typed(type_, "> 1", '"more"'), "d", n=value)
    assert ([notice.code for notice in result.warnings][:1], result.value) == (([code], None) if code else ([], "more"))


def test_another_type_is_still_unknown() -> None:
    with pytest.raises(DecisionModelRefused, match="no type called “float”"):
        typed("float", "-", "1")


def test_a_column_has_a_name_for_its_cells_that_hides_others() -> None:
    named = 'xmlns:camunda="http://camunda.org/schema/1.0/dmn" camunda:inputVariable="x"'
    source = typed("integer", "x > 1", "x * 10", named)
    assert decide(source, "d", n=2, x=0).value == 20
    assert list(source.inputs_of("d")) == ["n"]


def test_a_required_table_is_known_by_its_output() -> None:
    source = model(decided_by(GIFT))
    assert decide(source, "gift", visits=5).value == "coffee"
    assert list(source.inputs_of("g")) == ["visits"]  # and no level, which is decided


def test_several_outputs_are_known_one_by_one() -> None:
    source = model(decided_by("<literalExpression><text>[points, membership[1].points]</text></literalExpression>"))
    assert decide(source, "gift", visits=1).value == [[1, 2], 1]


def test_a_decision_with_a_variable_is_known_by_that_only() -> None:
    assert decide(model(decided_by(GIFT, '<variable name="level"/>')), "gift", visits=1).value == "tea"
    result = decide(model(decided_by(GIFT, '<variable name="other"/>')), "gift", visits=1)
    assert [notice.code for notice in result.warnings] == [UNKNOWN_NAME]
