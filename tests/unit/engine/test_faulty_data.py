"""Faults of data: what is named must be there, visible, and of the right side."""

from __future__ import annotations

import pytest

from tests.unit.engine.case import RESOURCES
from tests.unit.engine.faults import Fault

SOUND = (RESOURCES / "data_input_and_output.bpmn").read_text(encoding="utf-8")
ASSOCIATION = "<bpmn:sourceRef>{}</bpmn:sourceRef>\n        <bpmn:targetRef>{}</bpmn:targetRef>"
LINES_IN = ASSOCIATION.format("Reference_order", "price_lines")


def fault(old: str, new: str, code: str, element_id: str, line: str = "") -> Fault:
    return Fault(old, new, code, element_id, line, SOUND)


def end(target: str, source: str = "Reference_order") -> str:
    """The first association with other ends; the line of each is told by the blank in its tag."""
    return ASSOCIATION.format(source, target).replace("Ref>", "Ref >")


FAULTS = {
    "unknown object": fault('dataObjectRef="Data_order"', 'dataObjectRef="x"', "unknown_reference", "Reference_order"),
    "no object": fault(' dataObjectRef="Data_order"', "", "data_object", "Reference_order"),
    "object that is a store": fault(
        'dataObjectRef="Data_order"', 'dataObjectRef="Store_prices"', "wrong_reference", "Reference_order"
    ),
    "unknown store": fault('dataStoreRef="Store_prices"', 'dataStoreRef="x"', "unknown_reference", "Reference_prices"),
    "unknown type": fault('itemSubjectRef="List"', 'itemSubjectRef="Lists"', "unknown_reference", "Data_order"),
    "unknown source": fault(LINES_IN, end("price_lines", "x"), "unknown_reference", "lines_in", "<bpmn:sourceRef >"),
    "unknown target": fault(LINES_IN, end("x"), "unknown_reference", "lines_in", "<bpmn:targetRef >"),
    "target that is a node": fault(LINES_IN, end("collect"), "wrong_reference", "lines_in", "<bpmn:targetRef >"),
    "no target": fault(LINES_IN, "<bpmn:sourceRef>Data_order</bpmn:sourceRef>", "data_target", "lines_in"),
    "no source": fault(LINES_IN, "<bpmn:targetRef>price_lines</bpmn:targetRef>", "data_source", "lines_in"),
    "two sources": fault(
        LINES_IN, "<bpmn:sourceRef>Data_offer</bpmn:sourceRef>\n" + LINES_IN, "data_source", "lines_in"
    ),
    "input into a data object": fault(LINES_IN, end("Data_offer"), "data_end", "lines_in", "<bpmn:targetRef >"),
    "source in a subprocess": fault(
        LINES_IN, end("price_lines", "Property_note"), "data_end", "lines_in", "<bpmn:sourceRef >"
    ),
    "output of another": fault(
        "<bpmn:targetRef>Reference_order</bpmn:targetRef>",
        "<bpmn:targetRef >price_lines</bpmn:targetRef>",
        "data_end",
        "collected_lines",
        "<bpmn:targetRef >",
    ),
    "assignment to another": fault(">offer.sum.total<", ">order.total<", "data_assignment", "total_assignment"),
    "assignment of nothing": fault("= total * unit price", " ", "data_assignment", "total_assignment"),
    "transformation in another language": fault("{ unit: total }", "{ unit:", "feel_syntax", "price_store", "{ unit:"),
    "empty transformation": fault("{ unit: total }", " ", "data_source", "price_store"),
    "no output set": fault(
        SOUND[SOUND.index("<bpmn:outputSet") : SOUND.index("</bpmn:outputSet>") + 17], "", "data_sets", "price_data"
    ),
    "in no set": fault("<bpmn:dataOutputRefs>price_total</bpmn:dataOutputRefs>", "", "data_sets", "price_total"),
    "optional only": fault(
        "<bpmn:dataInputRefs>price_discount</bpmn:dataInputRefs>", "", "data_sets", "price_inputs", "<bpmn:optionalInp"
    ),
    "set of another": fault(
        "<bpmn:dataInputRefs>price_discount<",
        "<bpmn:dataInputRefs >price_total<",
        "wrong_reference",
        "price_inputs",
        "<bpmn:dataInputRefs >",
    ),
    "two of one name": fault(
        'id="Property_round" name="round"', 'id="Property_round" name="offer"', "data_name", "Data_offer"
    ),
    "an ioSpecification of a subprocess": fault(
        '<bpmn:property id="Property_note" name="note" />',
        '<bpmn:ioSpecification id="x" />',
        "element",
        "x",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()
