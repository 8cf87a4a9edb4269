"""Data objects, data stores, properties, data inputs and outputs, and what is copied between them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import engine
from tests.unit.engine.case import Case, flows, process_of
from tests.unit.engine.conftest import NewCase

DATA = "data_input_and_output.bpmn"


def local(case: Case, element_id: str) -> dict[str, object]:
    """The variables of an open user task's own scope."""
    (task,) = (task for task in case.user_tasks.values() if task.element_id == element_id)
    return {name: value for (scope, name), value in case.variables.items() if scope == task.execution_id}


def test_data_objects_and_properties_are_variables_that_begin_as_null(new_case: NewCase) -> None:
    case = new_case(DATA).start()
    assert {name: case.value(name) for name in ("order lines", "offer", "round")} == {
        "order lines": None,
        "offer": None,
        "round": None,
    }


def test_what_a_case_is_started_with_stays(new_case: NewCase) -> None:
    assert new_case(DATA).start({"round": 3}).value("round") == Decimal(3)


def test_an_association_copies_into_the_activity_and_out_of_it(new_case: NewCase) -> None:
    case = new_case(DATA).start().do("collect", **{"order lines": [1, 2]})
    inside = local(case, "price")
    assert inside == {"lines": [1, 2], "discount": None, "total": None, "unit price": Decimal(10)}
    case.do("price", total=3)
    assert case.value("offer") == {"sum": {"total": Decimal(30)}}
    root = next(scope for scope, parent in case.scopes.items() if parent is None)
    assert (root, "total") not in case.variables, "a data output stays inside"


def test_an_assignment_keeps_the_other_entries(new_case: NewCase) -> None:
    case = new_case(DATA).start({"offer": {"by": "ann", "sum": {"tax": 1}}})
    case.do("collect", **{"order lines": []}).do("price", total=3)
    assert case.value("offer") == {"by": "ann", "sum": {"tax": Decimal(1), "total": Decimal(30)}}


def test_data_stores_are_read_from_the_site_and_written_to_it(new_case: NewCase) -> None:
    case = new_case(DATA, data_stores={"prices": {"unit": Decimal(7)}})
    case.start().do("collect", **{"order lines": []})
    assert local(case, "price")["unit price"] == Decimal(7)
    case.do("price", total=3)
    assert case.last is not None
    (write,) = case.last.data_stores
    assert (write.element_id, write.store, write.value) == ("price", "prices", {"unit": Decimal(3)})
    assert case.process.data_stores == {"prices"}


def test_a_required_data_input_without_a_value_is_an_incident_that_names_it(new_case: NewCase) -> None:
    case = new_case(DATA).start()
    with pytest.raises(engine.StepFailed, match="its data input “lines” has no value") as failure:
        case.do("collect")
    assert (failure.value.incident.element_id, failure.value.incident.kind) == ("price", "data")
    assert case.do("collect", **{"order lines": []}).open == ["price"]


def test_a_required_data_output_without_a_value_is_an_incident_that_names_it(new_case: NewCase) -> None:
    case = new_case(DATA).start().do("collect", **{"order lines": []})
    with pytest.raises(engine.StepFailed, match="its data output “total” has no value") as failure:
        case.do("price")
    assert failure.value.incident.element_id == "price"


def test_a_collection_holds_a_list(new_case: NewCase) -> None:
    case = new_case(DATA).start()
    with pytest.raises(engine.StepFailed, match="what is not a list"):
        case.do("collect", **{"order lines": "one"})


def test_a_property_of_a_subprocess_is_seen_there_only(new_case: NewCase) -> None:
    case = new_case(DATA).start().do("collect", **{"order lines": []}).do("price", total=1)
    case.do("ask", note="loud")
    root = next(scope for scope, parent in case.scopes.items() if parent is None)
    assert ((root, "note") in case.variables, case.is_ended) == (False, True)


def of_sets(name: str, kind: str, *sets: str) -> tuple[str, str]:
    """Data inputs or outputs and their sets, each written as the names in it."""
    items = "".join(f'<bpmn:data{kind} id="{item}" name="{item}"/>' for item in name)
    lists = ("".join(f"<bpmn:data{kind}Refs>{item}</bpmn:data{kind}Refs>" for item in names) for names in sets)
    return items, "".join(f"<bpmn:{kind.lower()}Set>{inside}</bpmn:{kind.lower()}Set>" for inside in lists)


@pytest.mark.parametrize(
    ("given", "made", "said"),
    [
        ({"da": 1, "db": 2}, {"x": 1}, None),
        ({"dc": 1}, {"y": 2}, None),
        ({"da": 1}, {}, "“u” cannot begin: its data input “b” has no value"),
        ({"dc": 1}, {}, "“u” cannot end: its data output “x” has no value"),
    ],
)
def test_one_of_several_sets_must_be_complete(
    new_case: NewCase, given: dict[str, object], made: dict[str, object], said: str | None
) -> None:
    (inputs, input_sets), (outputs, output_sets) = of_sets("abc", "Input", "ab", "c"), of_sets("xy", "Output", "x", "y")
    data = f"<bpmn:ioSpecification>{inputs}{outputs}{input_sets}{output_sets}</bpmn:ioSpecification>" + "".join(
        f'<bpmn:dataInputAssociation id="to_{name}"><bpmn:sourceRef>D{name}</bpmn:sourceRef>'
        f"<bpmn:targetRef>{name}</bpmn:targetRef></bpmn:dataInputAssociation>"
        for name in "abc"
    )
    objects = "".join(f'<bpmn:dataObject id="D{name}" name="d{name}"/>' for name in "abc")
    source = process_of(f'<bpmn:startEvent id="s"/>{objects}<bpmn:userTask id="u">{data}</bpmn:userTask>', flows("s u"))
    case = new_case(source)
    if said is None:
        assert case.start(given).do("u", **made).is_ended
    else:
        with pytest.raises(engine.StepFailed, match=said):
            case.start(given).do("u", **made)
