"""Requirement graphs, types, imports, services, and files that are refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.feel import from_python
from app.feel.dmn import DecisionModelRefused, UnknownDecision, load_dmn
from app.feel.dmn.reading import NAMESPACES
from tests.unit.feel.dmn.models import decide, decision, definitions, identifier, input_data, knowledge, literal, model
from tests.unit.feel.evaluating import ENVIRONMENT

PERSON = """<itemDefinition name="tPerson">
  <itemComponent name="full name"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="age"><typeRef>number</typeRef></itemComponent>
</itemDefinition>"""
LEVEL = """<itemDefinition name="tLevel"><typeRef>string</typeRef>
  <allowedValues><text>"minor", "major"</text></allowedValues></itemDefinition>"""
NUMBERS = '<itemDefinition name="tNumbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'


def test_decisions_see_what_they_require_and_nothing_else() -> None:
    source = model(
        input_data("unit price"),
        decision("net", literal("unit price * 2"), "unit price"),
        decision("gross", literal("net + 1"), "decision:net"),
        decision("blind", literal("unit price")),
    )
    assert decide(source, "gross", unit_price=5).value == 11
    assert decide(source, "_gross", unit_price=5).value == 11
    assert decide(source, "blind", unit_price=5).value is None
    assert source.decision_names == ("net", "gross", "blind")
    assert source.input_names == ("unit price",)


@pytest.mark.parametrize("version", NAMESPACES)
def test_all_versions(version: str) -> None:
    xml = definitions(decision("d", literal("1 + 1")), version=version)
    assert decide(load_dmn(xml), "d").value == 2


def test_types_of_the_first_version_have_prefixes() -> None:
    xml = f"""<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd" namespace="urn:one" name="one" id="one"
      xmlns:feel="http://www.omg.org/spec/FEEL/20140401" xmlns:own="urn:one">
      <itemDefinition name="tAge"><typeRef>feel:number</typeRef></itemDefinition>
      <inputData id="a" name="age"><variable name="age" typeRef="own:tAge"/></inputData>
      <decision id="d" name="older"><informationRequirement><requiredInput href="#a"/></informationRequirement>
      {literal("age + 1")}</decision>
    </definitions>"""
    assert decide(load_dmn(xml.encode()), "older", age=4).value == 5
    assert decide(load_dmn(xml.encode()), "older", age="x").value is None


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("tPerson", {"full name": "Bo", "age": 3}, "Bo"),
        ("tPerson", {"full name": "Bo"}, None),
        ("tPerson", {"full name": 1, "age": 3}, None),
        ("tPerson", [{"full name": "Bo", "age": 3}], "Bo"),
    ],
)
def test_component_types(type_: str, given: object, expected: object) -> None:
    source = model(PERSON, input_data("p", type_), decision("d", literal("p.full name"), "p"))
    assert decide(source, "d", p=given).value == expected


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("tLevel", '"major"', "major"),
        ("tLevel", '"huge"', None),
        ("tNumbers", "7", [Decimal(7)]),
        ("tNumbers", '[1, "x"]', None),
        ("number", "[7]", Decimal(7)),
        ("number", '"7"', None),
        ("string", "null", None),
        ("Any", "1", Decimal(1)),
    ],
)
def test_results_are_converted_to_the_declared_type(type_: str, text: str, expected: object) -> None:
    assert decide(model(LEVEL, NUMBERS, decision("d", literal(text), type_=type_)), "d").value == expected


def test_instance_of_a_type_of_the_file() -> None:
    source = model(PERSON, decision("d", literal('{full name: "Bo", age: 3} instance of tPerson')))
    assert decide(source, "d").value is True


def test_arguments_that_do_not_fit_are_null() -> None:
    source = model(
        knowledge("known", {"n": "number"}, literal("n != null")),
        decision("d", literal('[known(1), known("x"), known()]'), "bkm:known"),
    )
    assert decide(source, "d").value == [True, False, None]


SERVICE = (
    f'<decisionService id="_svc" name="svc"><variable name="svc"/><outputDecision href="#{identifier("sum")}"/>'
    f'<inputDecision href="#{identifier("b")}"/><inputData href="#{identifier("a")}"/></decisionService>'
)


def test_decision_service() -> None:
    source = model(
        SERVICE,
        input_data("a"),
        decision("b", literal('"never computed"')),
        decision("sum", literal("a + b"), "a", "decision:b"),
        decision("caller", literal("[svc(1, 2), svc(b: 3, a: 4), svc(1)]"), "service:svc"),
    )
    assert decide(source, "caller").value == [3, 7, None]
    assert decide(source, "svc", a=1, b=5).value == 6


def test_imports_are_known_under_their_prefix() -> None:
    imported = load_dmn(
        definitions(
            PERSON,
            input_data("base"),
            decision("double it", literal("base * 2"), "base"),
            knowledge("inc", {"n": ""}, literal("n + 1")),
            namespace="urn:lib",
        )
    )
    xml = definitions(
        '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        input_data("p", "lib.tPerson"),
        '<decision id="d" name="d">'
        '<informationRequirement><requiredDecision href="urn:lib#_double_it"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#_p"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:lib#_inc"/></knowledgeRequirement>'
        f"{literal('lib.inc(lib.double it) + p.age')}</decision>",
    )
    source = load_dmn(xml, [imported])
    assert decide(source, "d", base=5, p={"full name": "x", "age": 100}).value == 111
    with pytest.raises(DecisionModelRefused, match="urn:lib"):
        load_dmn(xml)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "document type"),
        (b"<definitions/>", "not a DMN file"),
        (b"<definitions", "cannot be read"),
        ("<a>é</a>".encode("latin-1"), "UTF-8"),
        (b"<a>" * 200 + b"</a>" * 200, "nested"),
        (b"<a>" + b"<b/>" * 50_001 + b"</a>", "elements"),
        (definitions(decision("d", literal("1"), "missing")), "no element"),
        (definitions(decision("d", literal("1"), "decision:d")), "requires itself"),
        (definitions(decision("d", literal("1"), type_="tMissing")), "no type"),
        (definitions(decision("d", literal("1")), decision("d", literal("2"))), "another element"),
        (definitions('<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>'), "refers to itself"),
        (definitions('<decisionService id="s" name="s"/>'), "no output decision"),
        (definitions('<import name="x" namespace="urn:x" importType="http://www.w3.org/2001/XMLSchema"/>'), "Only DMN"),
    ],
)
def test_refused_files(xml: bytes, reason: str) -> None:
    with pytest.raises(DecisionModelRefused, match=reason):
        load_dmn(xml)


def test_problems_name_element_and_line() -> None:
    with pytest.raises(DecisionModelRefused) as refusal:
        load_dmn(definitions(decision("fine", literal("1")), decision("fee", literal("1 +"))))
    (problem,) = refusal.value.problems
    assert problem.line == 4
    assert problem.element == "literalExpression in decision “fee”"


def test_a_tolerant_reader_runs_what_can_run() -> None:
    xml = definitions(decision("fine", literal("1")), decision("broken", literal("1 +")))
    source = load_dmn(xml, is_tolerant=True)
    assert len(source.problems) == 1
    assert decide(source, "fine").value == 1
    assert decide(source, "broken").value is None


def test_unknown_decision() -> None:
    with pytest.raises(UnknownDecision):
        model(decision("d", literal("1"))).evaluate("x", {}, ENVIRONMENT)


def test_a_decision_without_logic_is_given_like_an_input() -> None:
    source = model(decision("by hand", ""), decision("d", literal("by hand + 1"), "decision:by hand"))
    assert decide(source, "d", by_hand=4).value == 5
    assert decide(source, "d").value is None


def test_a_required_decision_can_be_given_instead() -> None:
    source = model(decision("rate", literal("2"), type_="number"), decision("d", literal("rate * 10"), "decision:rate"))
    assert decide(source, "d").value == 20
    assert decide(source, "d", rate=5).value == 50
    assert decide(source, "d", rate="x").value is None
    assert decide(source, "rate", rate=5).value == 2


def test_inputs_of_one_name_in_two_files() -> None:
    imported = load_dmn(definitions(input_data("n"), namespace="urn:lib"))
    source = load_dmn(
        definitions(
            '<import name="lib" namespace="urn:lib" importType="http://www.omg.org/spec/DMN/20180521/MODEL/"/>',
            input_data("n"),
            '<decision id="d" name="d"><informationRequirement><requiredInput href="#_n"/></informationRequirement>'
            '<informationRequirement><requiredInput href="urn:lib#_n"/></informationRequirement>'
            f"{literal('[n, lib.n]')}</decision>",
        ),
        [imported],
    )
    inputs = {"n": from_python(1), "urn:lib#n": from_python(2)}
    assert source.evaluate("d", inputs, ENVIRONMENT).value == [1, 2]


def test_names_of_other_elements_do_not_swallow_operators() -> None:
    source = model(
        input_data("a"), input_data("b"), decision("a-b", literal("1")), decision("d", literal("a-b"), "a", "b")
    )
    assert decide(source, "d", a=5, b=2).value == 3


def test_missing_input_is_null_with_a_notice() -> None:
    result = model(input_data("a"), decision("d", literal("a"), "a")).evaluate("d", {"b": from_python(1)}, ENVIRONMENT)
    assert result.value is None
    assert result.warnings[0].params == {"name": "a"}


def test_inputs_of_a_decision_are_found_through_what_it_requires() -> None:
    source = model(
        input_data("a", "number"),
        input_data("b"),
        input_data("c"),
        decision("sum", literal("a + asked"), "a", "decision:asked"),
        decision("asked", ""),
        decision("total", literal("sum + b"), "decision:sum", "b"),
        '<decisionService id="_s" name="s"><outputDecision href="#_total"/><encapsulatedDecision href="#_total"/>'
        '<inputDecision href="#_sum"/><inputData href="#_b"/></decisionService>',
    )
    assert {name: str(type_.feel_type) for name, type_ in source.inputs_of("total").items()} == {
        "a": "number", "asked": "Any", "b": "Any",
    }  # fmt: skip
    assert set(source.inputs_of("s")) == {"sum", "b"}
    assert source.decision_ids == ("_sum", "_asked", "_total", "_s")
    with pytest.raises(UnknownDecision):
        source.inputs_of("nothing")


def test_a_file_without_input_data_takes_the_names_its_tables_read() -> None:
    table = """<decisionTable hitPolicy="FIRST">
      <input label="Sum"><inputExpression typeRef="number"><text>sum</text></inputExpression></input>
      <output name="percent"/>
      <rule><inputEntry><text>&gt;= 100</text></inputEntry><outputEntry><text>share * 2</text></outputEntry></rule>
      <rule><inputEntry><text></text></inputEntry><outputEntry><text>rest</text></outputEntry></rule>
    </decisionTable>"""
    source = model(decision("discount", table), decision("doubled", literal("discount * 2"), "decision:discount"))
    assert decide(source, "doubled", sum=120, share=5).value == 20
    assert decide(source, "doubled", sum=1, rest=7).value == 14
    assert {*source.inputs_of("doubled")} == {"sum", "share", "rest"}
