"""camunda:list and camunda:map in input and output mappings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from app.engine.budgets import MAX_VALUE_SIZE
from tests.unit.engine.case import RESOURCES
from tests.unit.engine.conftest import NewCase
from tests.unit.engine.faults import Fault

DIAGRAM = "lists_and_maps.bpmn"
SOUND = (RESOURCES / DIAGRAM).read_text(encoding="utf-8")
FAULTS = {
    "an entry without a key": Fault(' key="two words"', "", "mapping", "look", "<camunda:entry>", SOUND),
    "an entry twice": Fault('"two words"', '"answer" ', "mapping", "look", '"answer" ', SOUND),
    "a text and a list": Fault("<camunda:list/>", "x <camunda:list/>", "mapping", "look", "x <", SOUND),
    "a script in another language": Fault('"FEEL"', '"groovy"', "script_format", "look", '"groovy"', SOUND),
}


def test_lists_and_maps_hold_texts_feel_and_each_other(new_case: NewCase) -> None:
    case = new_case(DIAGRAM).start({"price": 5})
    (lines,) = (value for (_scope, name), value in case.variables.items() if name == "lines")
    assert lines == ["first", Decimal(10), Decimal(5), Decimal(6), {"deep": []}]
    case.do("look", answer=3)
    assert case.value("result") == {"answer": Decimal(3), "two words": "as it stands", "sum": Decimal(8)}


def test_what_is_empty_is_null(new_case: NewCase) -> None:
    case = new_case(SOUND.replace(">first<", "><").replace(">as it stands<", "> <").encode()).start({"price": 5})
    (lines,) = (value for (_scope, name), value in case.variables.items() if name == "lines")
    assert lines[0] is None
    assert case.do("look", answer=3).variables[case.root, "result"]["two words"] is None


def test_what_is_too_large_together_is_refused(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed) as failure:
        new_case(SOUND.replace("= price * 2", "= price").encode()).start({"price": "x" * (MAX_VALUE_SIZE // 2)})
    assert (failure.value.incident.kind, failure.value.incident.element_id) == ("budget", "look")


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()
