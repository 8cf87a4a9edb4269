"""Business rule tasks ask a decision and keep its result, in the forms of Camunda 7's mapDecisionResult."""

from __future__ import annotations

import pytest

from app import engine
from app.feel import Budget
from app.feel.dmn import DecisionModel, load_dmn
from tests.unit.engine.case import RESOURCES, Case, flows, process_of
from tests.unit.engine.conftest import NewCase
from tests.unit.feel.dmn.models import decision, definitions, input_data, literal, table


def decisions_of(xml: bytes) -> dict[str, DecisionModel]:
    model = load_dmn(xml)
    return dict.fromkeys(model.decision_ids, model)


DECISIONS = decisions_of((RESOURCES / "business_rule_task.dmn").read_bytes())


def asking(mapping: str, decision_id: str = "_d") -> bytes:
    attributes = f'camunda:decisionRef="{decision_id}" camunda:resultVariable="r" camunda:mapDecisionResult="{mapping}"'
    task = f'<bpmn:businessRuleTask id="x" name="Ask" {attributes}/>'
    return process_of('<bpmn:startEvent id="s"/>', task, '<bpmn:userTask id="u"/>', '<bpmn:endEvent id="e"/>',
                      flows("s x", "x u", "u e"))  # fmt: skip


def asked(new_case: NewCase, mapping: str, logic: str, variables: dict[str, object], **limits: object) -> Case:
    """A case after a business rule task that asks the decision d with this logic and the input n."""
    decisions = decisions_of(definitions(input_data("n", "number"), decision("d", logic, "n")))
    return new_case(asking(mapping), decisions=decisions, **limits).start(variables)


def refusal(*arguments: object, **limits: object) -> engine.StepFailed:
    with pytest.raises(engine.StepFailed) as failure:
        asked(*arguments, **limits)  # type: ignore[arg-type]
    return failure.value


ONE = [("< 10", '"low"'), (">= 5", '"high"')]
TWO = [("< 10", '"low"', "1"), (">= 5", '"high"', "2")]


def test_result_becomes_a_variable_and_the_activity_is_told(new_case: NewCase) -> None:
    case = new_case("business_rule_task.bpmn", decisions=DECISIONS).start({"amount": 600})
    assert case.value("discount") == 10
    assert case.last is not None
    told = [(activity.element_id, activity.element_type, activity.state) for activity in case.last.activities]
    assert ("ask", "businessRuleTask", "done") in told


def test_inputs_come_from_the_mapping_and_outputs_see_the_result(new_case: NewCase) -> None:
    case = new_case("business_rule_task.bpmn", decisions=DECISIONS).start({"amount": 600}).do("look")
    assert case.value("terms") == ["invoice", "deposit"]
    assert case.value("amount") == 600
    assert ("decisionResult" in {name for scope, name in case.variables if case.scopes[scope] is None}) is False


def test_a_decision_sees_its_inputs_and_no_other_variable(new_case: NewCase) -> None:
    """A variable that happens to be called like a required decision does not replace it."""
    xml = definitions(
        input_data("n"), decision("d", literal("base + 1"), "decision:base"), decision("base", literal("n * 2"), "n")
    )
    case = new_case(asking("singleEntry"), decisions=decisions_of(xml)).start({"n": 4, "base": 1000, "d": 7})
    assert case.value("r") == 9


@pytest.mark.parametrize(
    ("mapping", "logic", "n", "expected"),
    [
        ("singleEntry", table(["n"], ["x"], ONE, "FIRST"), 7, "low"),
        ("singleEntry", table(["n"], ["x"], [("1", "2")]), 7, None),
        ("singleEntry", literal("n * 2"), 7, 14),
        ("singleEntry", table(["n"], ["x"], [("-", "1"), ("-", "2")], "COLLECT", "SUM"), 7, 3),
        ("singleResult", table(["n"], ["x", "y"], TWO, "FIRST"), 7, {"x": "low", "y": 1}),
        ("singleResult", table(["n"], ["x"], ONE, "FIRST"), 7, {"x": "low"}),
        ("singleResult", literal("n * 2"), 7, {"d": 14}),
        ("singleResult", table(["n"], ["x"], [("1", "2")]), 7, None),
        ("collectEntries", table(["n"], ["x"], ONE, "COLLECT"), 7, ["low", "high"]),
        ("collectEntries", table(["n"], ["x"], ONE, "RULE ORDER"), 99, ["high"]),
        ("collectEntries", table(["n"], ["x"], [("1", "2")], "COLLECT"), 7, []),
        ("resultList", table(["n"], ["x", "y"], TWO, "COLLECT"), 7, [{"x": "low", "y": 1}, {"x": "high", "y": 2}]),
        ("resultList", table(["n"], ["x"], ONE, "COLLECT"), 99, [{"x": "high"}]),
        ("resultList", table(["n"], ["x"], [("1", "2")]), 7, []),
        ("resultList", table(["n"], ["x"], [("7", "null")]), 7, [{"x": None}]),
        ("collectEntries", table(["n"], ["x"], [("7", "")]), 7, [None]),
        ("resultList", literal("null"), 7, []),
    ],
)
def test_mappings_of_the_result(new_case: NewCase, mapping: str, logic: str, n: int, expected: object) -> None:
    case = asked(new_case, mapping, logic, {"n": n})
    assert case.value("r") == expected
    assert case.open == ["u"]


@pytest.mark.parametrize(
    ("mapping", "logic", "variables", "words"),
    [
        ("singleEntry", table(["n"], ["x"], ONE, "COLLECT"), {"n": 7}, "has 2 results"),
        ("singleResult", table(["n"], ["x", "y"], TWO, "COLLECT"), {"n": 7}, "has 2 results"),
        ("singleEntry", table(["n"], ["x", "y"], TWO, "FIRST"), {"n": 7}, "has 2 outputs"),
        ("collectEntries", table(["n"], ["x", "y"], TWO, "COLLECT"), {"n": 7}, "has 2 outputs"),
        ("singleEntry", table(["n"], ["x"], ONE), {"n": 7}, "2 rules match"),
        ("singleEntry", table(["n"], ["x"], [("-", "1")]), {}, "Nothing is called “n”"),
        ("singleEntry", table(["n"], ["x"], [("-", "1")]), {"n": "seven"}, "“n” is not of the type number"),
        ("singleEntry", literal("n / 0"), {"n": 7}, "Division by zero"),
    ],
)
def test_a_decision_that_goes_wrong_is_an_incident(
    new_case: NewCase, mapping: str, logic: str, variables: dict[str, object], words: str
) -> None:
    failure = refusal(new_case, mapping, logic, variables)
    assert (failure.incident.kind, failure.incident.element_id) == ("decision", "x")
    assert words in failure.incident.msgid % failure.incident.params
    assert failure.incident.activity_id is not None


def test_a_decision_has_a_budget(new_case: NewCase) -> None:
    failure = refusal(new_case, "singleEntry", literal("sum(for i in 1..100000 return i)"), {"n": 1}, budget=Budget(99))
    assert (failure.incident.kind, failure.incident.params["limit"]) == ("budget", "steps")


def test_a_decision_that_is_not_deployed_is_an_incident(new_case: NewCase) -> None:
    with pytest.raises(engine.StepFailed, match="“Ask” asks the decision “_d”, which is not deployed"):
        new_case(asking("singleEntry")).start({"n": 1})


def test_a_process_tells_which_decisions_it_asks() -> None:
    (process,) = engine.parse((RESOURCES / "business_rule_task.bpmn").read_bytes(), "x.bpmn")
    assert process.decisions == {"discount", "terms"}


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('camunda:resultVariable="r"', "must be the id of a decision"),
        ('camunda:resultVariable="r" camunda:decisionRef="${x}"', "must be the id of a decision"),
        ('camunda:decisionRef="d"', "Say where the result goes"),
        ('camunda:decisionRef="d" camunda:resultVariable="r" camunda:decisionRefBinding="latest"', "Set it to deploy"),
        ('camunda:decisionRef="d" camunda:resultVariable="r" camunda:mapDecisionResult="all"', "singleEntry"),
        ('camunda:decisionRef="d" camunda:resultVariable="r" camunda:decisionRefVersion="2"', "own deployment only"),
    ],
)
def test_refusals(attributes: str, words: str) -> None:
    task = f'<bpmn:businessRuleTask id="x" {attributes}/>'
    xml = process_of('<bpmn:startEvent id="s"/>', task, '<bpmn:endEvent id="e"/>', flows("s x", "x e"))
    with pytest.raises(engine.DeploymentRefused) as refused:
        engine.parse(xml, "x.bpmn")
    assert [(problem.element_id, words in problem.message) for problem in refused.value.problems] == [("x", True)]


def test_what_was_asked_and_which_rules_counted_is_told(new_case: NewCase) -> None:
    unsorted = table(["n"], ["out"], [("<= 7", '"a"'), ("> 3", '"b"'), ("> 9", '"c"')], policy="COLLECT")
    case = asked(new_case, "collectEntries", unsorted, {"n": 5, "other": 1})
    assert case.last is not None
    (told,) = case.last.decisions
    assert (told.element_id, told.decision, told.inputs, told.result_variable) == ("x", "_d", {"n": 5}, "r")
    assert [row["out"] for row in told.outputs] == ["a", "b"]
    assert len(told.rules) == 2
