from __future__ import annotations

import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine, feel
from app.engine import saved_state, state_codec
from app.engine.elements.user_task import UserTask
from app.engine.live_cases import LIVE_CASES, LiveCases
from app.engine.variables import Packed
from tests.unit.engine.case import NOW, RESOURCES, ZONE, Case, context, read, saved_variables

SCALARS = (
    st.none()
    | st.booleans()
    | st.text(max_size=20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.dates()
    | st.datetimes(timezones=st.just(ZONE))
    | st.timedeltas(timedelta(days=-999), timedelta(days=999))
)
NAMES = st.text(max_size=5)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
PROCESS = read("parallel_gateways.bpmn")


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=10), VALUES, max_size=5))
def test_every_value_under_any_name_survives_saving(variables: dict[str, object]) -> None:
    case = Case(PROCESS, is_saved=True).start(variables).do("a")
    assert saved_variables(case) == {name: feel.from_python(value) for name, value in variables.items()}


def test_dates_stay_dates() -> None:
    case = (
        Case("user_task_in_loop.bpmn", is_saved=True)
        .start({"day": date(2026, 3, 2), "moment": NOW})
        .do("work", done=False)
    )
    case.do("work", done=False, copy=datetime(2026, 1, 1, tzinfo=ZONE))
    assert isinstance(case.value("day"), feel.Date)
    assert isinstance(case.value("copy"), feel.DateTime)


EVERY_KIND = """
    null; true; ""; "😀 \\n"; 1e-400; -0.1; 12345678901234567890123456789012.34; 9.999e99;
    date("-0044-03-15"); date("999999999-12-31"); time("10:00:00.123456789"); time("10:00:00@Europe/Paris");
    time("23:59:59-03:30:15"); date and time("2026-10-25T02:30:00.000000001@Europe/Berlin");
    date and time("2026-03-02T09:00:00"); date and time("2026-03-02T09:00:00+14:00");
    date and time("0001-01-01T00:00:00Z");
    duration("P1Y2M"); duration("-P14M"); duration("-P3DT4H5M6.789S"); duration("PT0S"); duration("P1000000000D");
    date("2400-01-01") - date("1970-01-01"); [1..5]; (1..5); ["a".."z"); (< 5); (> date("2026-01-01"));
    [date("2026-01-01")..date("2026-12-31")]; [duration("P1Y")..duration("P2Y")]; {r: [1..2], l: ["l", [], {}]};
    {"": {"a b": [null, true, 1]}, "n": ["n", "1"], "__proto__": {"typename": "c"}}
"""


def test_every_kind_of_value_is_the_same_after_saving() -> None:
    texts = [text.strip() for text in EVERY_KIND.split(";")]
    results = [feel.compile_expression(text).evaluate({}, context().environment()) for text in texts]
    assert not [text for text, result in zip(texts, results, strict=True) if result.warnings]
    values = {text: result.value for text, result in zip(texts, results, strict=True)}
    case = Case(PROCESS, is_saved=True).start(values).do("a")
    assert repr(saved_variables(case)) == repr(values), "Python takes some of different kinds for equal"


OF_ANOTHER_PROCESS = (
    b'{"version": 1, "business_key": null, "tokens": [],'
    b' "scopes": [["a", null, null, "process", "other", "other", {}]]}'
)


@pytest.mark.parametrize("document", [b"{}", b'{"version": 99}', b'{"version": 1}', OF_ANOTHER_PROCESS])
def test_a_document_that_does_not_fit_is_refused(document: bytes) -> None:
    with pytest.raises(engine.StateNotReadable):
        engine.complete(PROCESS, zlib.compress(document), "x", {}, context())


@pytest.mark.parametrize("state", [b"", b"damaged"])
def test_a_state_that_does_not_fit_is_refused(state: bytes) -> None:
    with pytest.raises(engine.StateNotReadable):
        engine.complete(PROCESS, state, "x", {}, context())


def test_a_state_of_other_elements_is_refused() -> None:
    state = Case(PROCESS, is_saved=True).start().state or b""
    with pytest.raises(engine.StateNotReadable):
        engine.complete(read("user_task_in_loop.bpmn"), state, "x", {}, context())


def test_a_step_that_fails_leaves_the_state_usable() -> None:
    case = Case("exclusive_gateway_without_default.bpmn", is_saved=False).start()
    for _time in range(3):
        with pytest.raises(engine.StepFailed):
            case.do("ask", answer="maybe")
    assert case.do("ask", answer="yes").end_event_id == "end"


# Recorded by the program that wrote version 1; in each a case in the middle of its work.
STATES = RESOURCES / "states"


def case_of_version_1(resource: str) -> Case:
    """The recorded case, taken up again."""
    case = Case(f"{resource}.bpmn", is_saved=True)
    case.state = zlib.compress((STATES / f"version_1.{resource}.json").read_bytes())
    return take_up(case)


def take_up(case: Case) -> Case:
    """Fill in what is open from the saved state, as the database would know it."""
    assert case.state is not None
    runtime = state_codec.load(case.process, case.state, context())
    for token in runtime.tokens.values():
        case.live_activities[token.id] = token.task_spec.element_id
        if isinstance(token.task_spec, UserTask):
            case.user_tasks[token.id] = token.task_spec._opened(token)
    for scope in runtime.scopes.values():
        case.scopes[scope.id] = scope.parent.id if scope.parent else None
        case.variables |= {(scope.id, name): value for name, value in scope.variables.items()}
    return case


def test_version_1_all_values_of_a_case_are_kept() -> None:
    case = case_of_version_1("parallel_gateways")
    kept = saved_variables(case)
    assert feel.encode(kept.pop("between")) == ["r", ["n", "1"], ["n", "5"], True, False]
    assert kept == {
        "typename": {"typename": "x", "v": Decimal(1)},
        "__proto__": [True, None],
        "a.b": "1.50",
        "": "empty name",
        "day": feel.Date(2026, 3, 2),
        "moment": feel.from_python(NOW),
        "local": feel.from_python(datetime(2026, 3, 2, 9, tzinfo=ZONE)),
        "at": feel.from_python(time(8, 30)),
        "for": feel.from_python(timedelta(hours=5)),
        "months": feel.MonthsDuration(14),
        "amount": Decimal("12.50"),
        "nested": {"list": [{"n": Decimal(1)}, []], "empty": {}},
    }
    assert case.open == ["b"]
    assert case.do("b").do("after").end_event_id == "end"


def test_version_1_a_multi_instance_goes_on_with_its_results() -> None:
    case = case_of_version_1("multi_instance_subprocess")
    assert case.open == ["check", "plan"]
    case.do("check", result="second").do("plan").do("check", result="third")
    assert case.open == ["after"]
    assert case.value("results") == ["first", "second", "third"]
    assert case.do("after").end_event_id == "end"


def test_version_1_a_called_process_returns() -> None:
    case = case_of_version_1("call_activity").do("c_work")
    assert case.value("answer") == Decimal(4)


def test_version_1_an_event_based_gateway_still_waits() -> None:
    case = case_of_version_1("event_based_gateway")
    (told,) = [token_id for token_id, element_id in case.live_activities.items() if element_id == "told"]
    outcome = engine.correlate(case.process, case.state or b"", told, {}, context())
    assert [opened.element_id for opened in outcome.opened] or outcome.is_ended


def test_upgrades_are_a_chain_up_to_the_newest_version() -> None:
    assert sorted(saved_state.UPGRADES) == list(range(1, saved_state.VERSION))


def test_a_case_asleep_for_several_versions_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = saved_state.VERSION + 1

    def from_the_newest(state: bytes) -> bytes:
        assert state[0] == newer - 1
        return bytes([newer]) + state[1:]

    monkeypatch.setattr(saved_state, "VERSION", newer)
    monkeypatch.setattr(saved_state, "UPGRADES", {**saved_state.UPGRADES, newer - 1: from_the_newest})
    # What the versions in between write is theirs: here only the first byte differs.
    monkeypatch.setitem(saved_state.UPGRADES, 1, lambda state: bytes([newer - 1]) + FROM_VERSION_1(state)[1:])
    assert case_of_version_1("parallel_gateways").do("b").do("after").end_event_id == "end"


FROM_VERSION_1 = saved_state.UPGRADES[1]


def test_a_state_of_a_newer_program_is_refused_clearly() -> None:
    state = Case(PROCESS, is_saved=True).start().state or b""
    newer = bytes([saved_state.VERSION + 1]) + state[1:]
    with pytest.raises(engine.StateNotReadable, match=f"has version {saved_state.VERSION + 1}; this program reads"):
        engine.complete(PROCESS, newer, "x", {}, context())


@pytest.mark.parametrize("length", [1, 10, 30, 60])
def test_a_state_cut_off_is_refused(length: int) -> None:
    state = Case(PROCESS, is_saved=True).start({"a": "b" * 50}).state or b""
    LIVE_CASES.clear()
    with pytest.raises(engine.StateNotReadable):
        engine.complete(PROCESS, state[:-length], "x", {}, context())


def test_the_end_event_reached_first_is_remembered_while_something_beside_goes_on() -> None:
    runtime = state_codec.load(PROCESS, Case(PROCESS, is_saved=True).start().state or b"", context())
    runtime.end_event_id = "end"
    assert state_codec.load(PROCESS, state_codec.dump(runtime), context()).end_event_id == "end"


LARGE = ["a text of some length, number " + str(number) for number in range(500)]


def test_a_large_value_is_compressed_once_and_read_only_when_asked_for() -> None:
    case = Case("parallel_gateways.bpmn", is_saved=True).start({"large": LARGE, "x": 1}).do("a", x=2)
    assert case.state is not None
    assert len(case.state) < len("".join(LARGE)) / 3
    runtime = state_codec.load(case.process, case.state, context())
    (scope,) = runtime.scopes.values()
    assert isinstance(scope.variables._encoded["large"], Packed)
    assert scope.variables["large"] == LARGE
    assert saved_variables(case.do("b", large=[*LARGE, "more"]))["large"] == [*LARGE, "more"]


def test_only_what_a_step_touches_is_built_from_the_saved_state() -> None:
    case = Case("multi_instance_parallel_user_task.bpmn", is_saved=True)
    case.start({"voters": [f"person {number}" for number in range(50)]})
    assert len(case.user_tasks) == 50
    runtime = state_codec.load(case.process, case.state or b"", context())
    last = list(case.user_tasks)[-1]
    assert runtime.tokens.get(last) is not None
    assert len(runtime.scopes) == len(case.scopes)
    assert dict.__len__(runtime.scopes) < 5
    # Whoever looks through all of them finds them in the order of their beginning.
    assert list(runtime.scopes) == list(case.scopes)
    assert dict.__len__(runtime.scopes) == len(case.scopes)
    assert [token for token in runtime.tokens if token in case.user_tasks] == list(case.user_tasks)


def test_what_is_kept_in_memory_is_bounded_by_size() -> None:
    cases = LiveCases(limit=10, limit_bytes=100)
    runtime = state_codec.load(PROCESS, Case(PROCESS, is_saved=True).start().state or b"", context())
    states = [bytes([2, number]) + bytes(58) for number in range(3)]
    for state in states:
        cases.put(state, runtime)
    assert [cases.take(PROCESS, state) is runtime for state in states] == [False, False, True]
