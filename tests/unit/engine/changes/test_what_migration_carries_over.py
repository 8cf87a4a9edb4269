"""What lies in scopes, joins and records of a case is carried over whole, or the version is refused with a reason."""

from __future__ import annotations

import pytest

from app import engine
from app.engine.live_cases import LIVE_CASES
from tests.unit.engine.case import Case, context, flows, process_of, read, saved_variables
from tests.unit.engine.changes.test_migration import END, START, called, migrate, reasons, started, user_task, version

FORK, JOIN = '<bpmn:parallelGateway id="f"/>', '<bpmn:parallelGateway id="j"/>'


def test_a_join_keeps_its_tokens_apart() -> None:
    source = version(
        FORK, JOIN, user_task("a"), user_task("b"), user_task("c"),
        flows("s f", "f a", "f b", "f c", "a j", "b j", "c j", "j e"),
    )  # fmt: skip
    target = version(FORK, JOIN, user_task("x"), user_task("c"), flows("s f", "f x", "f c", "x j", "c j", "j e"))
    case = started(source).do("a").do("b")
    found = reasons(case, target, {"a": "x", "b": "x", "c": "c", "j": "j"})
    assert found == ["“j” has tokens of two paths that are one in the new version."]
    assert case.open == ["c"]


def test_two_joins_do_not_become_one() -> None:
    work = (FORK, *map(user_task, "abcd"), flows("s f", "f a", "f b", "f c", "f d"))
    source = version(*work, JOIN, JOIN.replace('"j"', '"k"'), flows("a j", "b j", "c k", "d k", "j e", "k e"))
    target = version(*work, JOIN, flows("a j", "b j", "c j", "d j", "j e"))
    found = reasons(started(source).do("a").do("c"), target, {**{key: key for key in "abcdj"}, "k": "j"})
    assert found == ["“k” cannot go to “j”: the tokens of another gateway go there as well."]


def test_what_was_called_stays_what_it_is() -> None:
    def calling(passed: str, *more: str) -> engine.ParsedProcess:
        inside = f"<bpmn:extensionElements>{passed}</bpmn:extensionElements>" if passed else ""
        call = f'<bpmn:callActivity id="call" calledElement="=key">{inside}</bpmn:callActivity>'
        return version(call, flows("s call"), *more)

    key = {"key": "q"}
    passed = '<camunda:in sourceExpression="=1 + 1" target="new"/>'
    source, target = (calling("", flows("call e")), calling(passed, user_task("b"), flows("call b", "b e")))
    bundle = called(user_task("a"), flows("s a", "a e"))
    other = read(process_of(START, END, user_task("a"), user_task("not"), flows("s a", "a not", "not e"), key="other"))
    bundles = {**bundle, "other": other}
    case = Case(source, is_saved=True, processes=bundles).start(key)
    case.set(case.root, key="other")

    def migrated(processes: dict[str, engine.ParsedProcess]) -> engine.Migrated:
        mapping = engine.generate_mapping(source, target)
        return engine.migrate(source, case.state or b"", target, mapping, context(processes=processes), called=bundles)

    with pytest.raises(engine.ChangeRefused, match="“call” has called the process “q”, which the new version does not"):
        migrated({"other": other})
    case.absorb(migrated(bundles).outcome)
    assert [int(str(value)) for (_scope, name), value in case.variables.items() if name == "new"] == [2]
    case.process = target
    LIVE_CASES.clear()
    assert case.do("a").open == ["b"]


def several(loop: str) -> engine.ParsedProcess:
    data = '<bpmn:dataObject id="o" name="items" isCollection="true"/>'
    named = '<bpmn:dataObjectReference id="items" dataObjectRef="o"/>'
    return version(f'<bpmn:userTask id="a">{loop}</bpmn:userTask>', data, named, flows("s a", "a e"))


def each(content: str, attributes: str = "") -> str:
    loop = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{loop} isSequential="true" {attributes}>{content}</bpmn:{loop}>'


NUMBER = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
GONE_THROUGH = '<bpmn:loopDataInputRef>items</bpmn:loopDataInputRef><bpmn:inputDataItem id="i" name="item"/>'
KEPT = '<bpmn:loopDataOutputRef>items</bpmn:loopDataOutputRef><bpmn:outputDataItem id="r" name="{}"/>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (each(NUMBER), each(GONE_THROUGH)),
        (each(NUMBER), each(KEPT.format("result") + NUMBER)),
        (each(KEPT.format("result") + NUMBER), each(KEPT.format("other") + NUMBER)),
    ],
)
def test_what_lies_between_two_passes_has_the_same_form(old: str, new: str) -> None:
    case = started(several(old), items=["x", "y"])
    assert "and how it is repeated" in reasons(case, several(new), {"a": "a"})[0]


def test_a_collection_may_be_named_in_another_way() -> None:
    expression = 'camunda:collection="=items" camunda:elementVariable="item"'
    case = started(several(each("", expression)), items=["x", "y"])
    migrate(case, several(each(GONE_THROUGH)))
    case.do("a")
    assert "y" in case.variables.values()
    assert case.do("a").is_ended


def with_inputs(**inputs: str) -> engine.ParsedProcess:
    written = "".join(
        f'<camunda:inputParameter name="{key}">={text}</camunda:inputParameter>' for key, text in inputs.items()
    )
    output = '<camunda:outputParameter name="sum">=x + y</camunda:outputParameter>'
    return version(
        '<bpmn:userTask id="a"><bpmn:extensionElements><camunda:inputOutput>'
        f"{written}{output}</camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>",
        user_task("b"),
        flows("s a", "a b", "b e"),
    )


def test_an_input_that_is_new_is_made_and_others_stay() -> None:
    case = started(with_inputs(x="1"))
    migrate(case, with_inputs(x="100", y="2"))
    assert int(saved_variables(case.do("a"))["sum"]) == 3


def test_data_inputs_that_are_new_are_filled() -> None:
    data = '<bpmn:dataObject id="o"/><bpmn:dataObjectReference id="kept" name="kept" dataObjectRef="o"/>'
    specified = (
        '<bpmn:userTask id="a"><bpmn:ioSpecification><bpmn:dataInput id="in" name="given"/>'
        '<bpmn:dataOutput id="out" name="made"/>'
        "<bpmn:inputSet><bpmn:dataInputRefs>in</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet><bpmn:dataOutputRefs>out</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>"
        "<bpmn:dataInputAssociation><bpmn:sourceRef>kept</bpmn:sourceRef><bpmn:targetRef>in</bpmn:targetRef>"
        "</bpmn:dataInputAssociation><bpmn:dataOutputAssociation><bpmn:sourceRef>out</bpmn:sourceRef>"
        "<bpmn:targetRef>kept</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:userTask>"
    )
    rest = (data, user_task("b"), flows("s a", "a b", "b e"))
    case = started(version(user_task("a"), *rest), kept="old")
    migrate(case, version(specified, *rest))
    assert {"given", "made"} <= {name for _scope, name in case.variables}
    assert saved_variables(case.do("a", made="new"))["kept"] == "new"


def gathering(quantity: int) -> engine.ParsedProcess:
    paths = ("s f", "f u", "f v", "f w", "u a", "v a", "w a", "a e")
    return version(FORK, *map(user_task, "uvw"), user_task("a", startQuantity=str(quantity)), flows(*paths))


def test_tokens_that_are_enough_now_begin_their_activity() -> None:
    case = started(gathering(4)).do("u").do("v").do("w")
    migrate(case, gathering(2))
    assert case.open == ["a"]
    case = started(gathering(3)).do("u").do("v")
    migrate(case, gathering(2))
    assert case.open == ["a", "w"]
    case = started(gathering(3)).do("u").do("v")
    found = reasons(case, gathering(1))
    assert found == ["“a” still waits for tokens, “a” begins with each: let it begin first."]


def undone_by(*handlers: str) -> engine.ParsedProcess:
    ties = "".join(
        f'<bpmn:boundaryEvent id="{host}_undo" attachedToRef="{host}">'
        "<bpmn:compensateEventDefinition/></bpmn:boundaryEvent>"
        f'<bpmn:userTask id="{host}_back" isForCompensation="true"/>'
        f'<bpmn:association id="{host}_tie" sourceRef="{host}_undo" targetRef="{host}_back"/>'
        for host in handlers
    )
    throw = '<bpmn:intermediateThrowEvent id="t"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>'
    return version(user_task("a"), user_task("b"), ties, throw, flows("s a", "a b", "b t", "t e"))


def test_an_activity_without_a_handler_any_more_cannot_be_undone() -> None:
    case = started(undone_by("a", "b")).do("a")
    assert reasons(case, undone_by("b")) == ["“a” was done and can be undone, in the new version it cannot."]
    migrate(case, undone_by("a"))
    assert case.do("b").open == ["a_back"]


def test_an_open_step_that_goes_nowhere_is_refused() -> None:
    source = version(user_task("a"), flows("s a", "a e"))
    assert reasons(started(source), source, {"a": ""}) == ["“a” is open: say where it goes in the new version."]


def test_before_a_step_it_is_the_same_by_which_flow_a_token_came() -> None:
    waits = user_task("a", camunda_asyncBefore="true")
    script = '<bpmn:scriptTask id="x" scriptFormat="feel"><bpmn:script>{y: 1}</bpmn:script></bpmn:scriptTask>'
    case = started(version(script, waits, flows("s x", "x a", "a e")))
    migrate(case, version(waits, flows("s a", "a e")))
    assert case.go_on("a").open == ["a"]


def test_behind_a_step_goes_on_what_followed_nothing_before() -> None:
    done = user_task("a", camunda_asyncAfter="true")
    case = started(read(process_of(START, done, flows("s a")))).do("a")
    migrate(case, read(process_of(START, done, user_task("b"), flows("s a", "a b"))))
    assert case.go_on("a").open == ["b"]
