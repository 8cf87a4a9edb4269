from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import engine, feel
from tests.unit.engine.case import NOW, ZONE, Case, context, read

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
    state = orjson.loads(zlib.decompress(case.state or b""))
    saved = {name: feel.decode(value) for name, value in state["scopes"][0][-1].items()}
    assert saved == {name: feel.from_python(value) for name, value in variables.items()}


def test_dates_stay_dates() -> None:
    case = (
        Case("user_task_in_loop.bpmn", is_saved=True)
        .start({"day": date(2026, 3, 2), "moment": NOW})
        .do("work", done=False)
    )
    case.do("work", done=False, copy=datetime(2026, 1, 1, tzinfo=ZONE))
    assert isinstance(case.value("day"), feel.Date)
    assert isinstance(case.value("copy"), feel.DateTime)


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
