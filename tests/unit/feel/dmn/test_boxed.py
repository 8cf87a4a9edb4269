"""Boxed expressions of every kind (DMN 1.5 clause 10.2)."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from app.feel.dmn import DecisionModelRefused, load_dmn
from tests.unit.feel.dmn.models import decide, decision, definitions, input_data, knowledge, literal, model


def entry(name: str, logic: str) -> str:
    return f'<contextEntry><variable name="{name}"/>{logic}</contextEntry>'


def decided(logic: str, **inputs: object) -> object:
    names = [name.replace("_", " ") for name in inputs]
    return decide(model(*map(input_data, names), decision("result", logic, *names)), "result", **inputs).value


def test_context_entries_see_those_before_them() -> None:
    logic = f"<context>{entry('a b', literal('1'))}{entry('c', literal('a b + 1'))}</context>"
    assert decided(logic) == {"a b": Decimal(1), "c": Decimal(2)}


def test_a_context_of_a_thousand_entries_is_read_in_a_moment() -> None:
    """Each entry sees those before it; names of several words are looked for in each of them."""
    entries = "".join(entry(f"my entry {index}", literal(f"my entry {index - 1} + 1")) for index in range(1, 1000))
    start = time.process_time()
    context = decided(f"<context>{entry('my entry 0', literal('0'))}{entries}</context>")
    assert time.process_time() - start < 3
    assert isinstance(context, dict)
    assert context["my entry 999"] == 999


def test_a_last_entry_without_a_name_is_the_result() -> None:
    logic = f"<context>{entry('a', literal('20'))}<contextEntry>{literal('a + 1')}</contextEntry></context>"
    assert decided(logic) == 21


def test_list_and_relation() -> None:
    assert decided(f"<list>{literal('1')}{literal('n')}</list>", n=2) == [1, 2]
    rows = f"<row>{literal('1')}{literal('n')}</row><row>{literal('2')}{literal('n * 2')}</row>"
    relation = f'<relation><column name="id"/><column name="unit price"/>{rows}</relation>'
    assert decided(relation, n=5) == [{"id": 1, "unit price": 5}, {"id": 2, "unit price": 10}]


def test_function_keeps_what_is_around_it() -> None:
    function = (
        f'<functionDefinition><formalParameter name="x" typeRef="number"/>{literal("x * factor")}</functionDefinition>'
    )
    context = f"<context>{entry('factor', literal('3'))}{entry('f', function)}"
    assert decided(f"{context}<contextEntry>{literal('f(5)')}</contextEntry></context>") == 15


def test_a_boxed_function_can_call_itself() -> None:
    body = literal("if x <= 1 then 1 else x * f(x - 1)")
    function = f'<functionDefinition><formalParameter name="x"/>{body}</functionDefinition>'
    context = f"<context>{entry('f', function)}<contextEntry>{literal('f(5)')}</contextEntry></context>"
    assert decided(context) == 120


def test_invocation_of_a_knowledge_model() -> None:
    invocation = (
        f"<invocation>{literal('scaled')}"
        f'<binding><parameter name="by"/>{literal("3")}</binding>'
        f'<binding><parameter name="n"/>{literal("14")}</binding></invocation>'
    )
    source = model(
        knowledge("scaled", {"n": "number", "by": "number"}, literal("n * by")),
        decision("result", invocation, "bkm:scaled"),
    )
    assert decide(source, "result").value == 42


@pytest.mark.parametrize(("n", "expected"), [(5, "yes"), (1, "no"), (None, "no")])
def test_conditional(n: int | None, expected: str) -> None:
    then, otherwise = literal('"yes"'), literal('"no"')
    logic = f"<conditional><if>{literal('n > 3')}</if><then>{then}</then><else>{otherwise}</else></conditional>"
    assert decided(logic, n=n) == expected


def test_filter() -> None:
    people = [{"age": 3, "name": "a"}, {"age": 30, "name": "b"}]
    logic = f"<filter><in>{literal('people')}</in><match>{literal('age > limit')}</match></filter>"
    assert decided(logic, people=people, limit=18) == [{"age": 30, "name": "b"}]
    by_item = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>"
    assert decided(by_item) == [2, 3]


def test_iterators() -> None:
    loop = f'<for iteratorVariable="i"><in>{literal("1..3")}</in><return>{literal("i * i")}</return></for>'
    with pytest.raises(DecisionModelRefused):
        decided(loop)
    loop = f'<for iteratorVariable="i"><in>{literal("[1..3]")}</in><return>{literal("i * i")}</return></for>'
    assert decided(loop) == [1, 4, 9]
    for kind, expected in (("some", True), ("every", False)):
        satisfies = f"<in>{literal('[1, 5]')}</in><satisfies>{literal('i > 3')}</satisfies>"
        assert decided(f'<{kind} iteratorVariable="i">{satisfies}</{kind}>') is expected


@pytest.mark.parametrize(
    ("logic", "reason"),
    [
        (
            '<literalExpression expressionLanguage="http://example.com/js"><text>1</text></literalExpression>',
            "use FEEL",
        ),
        ("<literalExpression><text> </text></literalExpression>", "empty"),
        (f'<functionDefinition kind="Java">{literal("1")}</functionDefinition>', "Java"),
        (f"<conditional><if>{literal('true')}</if></conditional>", "then"),
        (f'<relation><column name="a"/><row>{literal("1")}{literal("2")}</row></relation>', "one expression"),
        (f"<context>{entry('a', '')}</context>", "no expression"),
    ],
)
def test_refused_expressions(logic: str, reason: str) -> None:
    with pytest.raises(DecisionModelRefused, match=reason):
        load_dmn(definitions(decision("result", logic)))
