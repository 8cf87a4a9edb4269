"""Moments and typed variables, there and back."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from app import feel
from app.web.camunda_errors import MalformedRequest, NotOffered
from app.web.engine_rest.bodies import strict_json
from app.web.engine_rest.moments import read_moment, write_moment
from app.web.engine_rest.variables import read_variable, write_variable


def test_moments() -> None:
    moment = datetime(2026, 1, 23, 13, 42, 42, 7999, timezone(timedelta(hours=8)))
    assert write_moment(moment) == "2026-01-23T05:42:42.007+0000"
    assert read_moment("2026-01-23T13:42:42.007+0800") == moment.replace(microsecond=7000)
    assert read_moment("2026-01-23T13:42:42.007Z") == datetime(2026, 1, 23, 13, 42, 42, 7000, UTC)
    assert read_moment("2026-01-23T13:42:42+00:00") == datetime(2026, 1, 23, 13, 42, 42, tzinfo=UTC)
    assert read_moment("2026-01-23T13:42:42.007000+08:00") == moment.replace(microsecond=7000)
    assert write_moment(None) is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"type": "String", "value": "x"}, "x"),
        ({"type": "Integer", "value": 7}, Decimal(7)),
        ({"type": "Long", "value": 2**40}, Decimal(2**40)),
        ({"type": "Double", "value": Decimal("2.5")}, Decimal("2.5")),
        ({"type": "Boolean", "value": False}, False),
        ({"type": "Json", "value": '{"a": [1]}'}, {"a": [Decimal(1)]}),
        ({"type": "Null", "value": None}, None),
    ],
)
def test_typed_values_there_and_back(typed: dict[str, object], value: object) -> None:
    assert read_variable("v", typed) == value
    back = write_variable(value)
    assert back["type"] == typed["type"]
    assert read_variable("v", back) == value


def test_values_of_other_types() -> None:
    moment = read_variable("v", {"type": "Date", "value": "2026-01-23T13:42:42.007+0800"})
    assert write_variable(moment) == {"type": "Date", "value": "2026-01-23T05:42:42.007+0000", "valueInfo": {}}
    info = {"serializationDataFormat": "application/json", "objectTypeName": "java.util.ArrayList"}
    assert read_variable("v", {"type": "Object", "value": "[1]", "valueInfo": info}) == [Decimal(1)]
    file = {"type": "File", "value": "aGk=", "valueInfo": {"filename": "a.txt", "mimetype": "text/plain"}}
    shown = write_variable(read_variable("v", file))
    assert shown == {"type": "File", "value": None, "valueInfo": {"filename": "a.txt", "mimeType": "text/plain"}}
    assert read_variable("v", {"value": 3}) == Decimal(3)
    assert write_variable(feel.from_python(datetime(2026, 1, 23, tzinfo=UTC).date()))["value"] == "2026-01-23"


@pytest.mark.parametrize(
    ("kind", "sent", "value"),
    [
        ("Integer", "-7", Decimal(-7)),
        ("Long", str(2**40), Decimal(2**40)),
        ("Double", "2.5", Decimal("2.5")),
        ("Double", "1e3", Decimal(1000)),
        ("Boolean", "true", True),
        ("String", 7, "7"),
        ("String", True, "true"),
        ("String", Decimal("1.50"), "1.50"),
    ],
)
def test_plain_values_may_come_as_texts_and_texts_as_plain_values(kind: str, sent: object, value: object) -> None:
    assert read_variable("v", {"type": kind, "value": sent}) == value


def test_a_file_says_its_kind_in_either_spelling_and_its_encoding() -> None:
    info = {"filename": "a.txt", "mimeType": "text/plain", "encoding": "UTF-8"}
    assert write_variable(read_variable("v", {"type": "File", "value": "aGk=", "valueInfo": info}))["valueInfo"] == info


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"type": "Integer", "value": 2**31}, MalformedRequest),
        ({"type": "Integer", "value": True}, MalformedRequest),
        ({"type": "Boolean", "value": "yes"}, MalformedRequest),
        ({"type": "Integer", "value": "7.5"}, MalformedRequest),
        ({"type": "Integer", "value": str(2**31)}, MalformedRequest),
        ({"type": "Double", "value": "NaN"}, MalformedRequest),
        ({"type": "String", "value": ["x"]}, MalformedRequest),
        ({"type": "Date", "value": "2026-01-23"}, MalformedRequest),
        ({"type": "Json", "value": "{"}, MalformedRequest),
        ({"type": "Bytes", "value": "aGk="}, NotOffered),
        ({"type": "Object", "value": "x", "valueInfo": {"serializationDataFormat": "java"}}, NotOffered),
        ("7", MalformedRequest),
    ],
)
def test_wrong_values_are_refused(typed: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_variable("v", typed)


@pytest.mark.parametrize("text", ["NaN", '{"a": 1, "a": 2}', "[" * 70 + "]" * 70, "{'a': 1}", b"\xff"])
def test_w40_json_is_read_strictly(text: str | bytes) -> None:
    with pytest.raises(MalformedRequest):
        strict_json(text)
