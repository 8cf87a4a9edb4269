from decimal import Decimal

import pytest

from app import feel
from app.connectors import BY_NAME, CONNECTORS, ConnectorCall, ConnectorFailed
from app.connectors.webhook import plain_json


@pytest.mark.parametrize("target", [None, "elsewhere", "http://127.0.0.1/", 7])
def test_targets_are_names_of_the_settings(target: object) -> None:
    with pytest.raises(ConnectorFailed, match="settings"):
        BY_NAME["webhook"].run(ConnectorCall("key", {"target": target}, {"shop": "http://127.0.0.1:9/"}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        ("text", "text"),
        (Decimal("3.00"), 3),
        (Decimal("0.25"), 0.25),
        ([Decimal(1), {"a": None}], [1, {"a": None}]),
        (feel.Date(2026, 3, 2), "2026-03-02"),
        (feel.DaysDuration(3_600_000_000_000), "PT1H"),
    ],
)
def test_values_are_json_of_the_usual_kind(value: object, expected: object) -> None:
    assert plain_json(value) == expected


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(CONNECTORS)
