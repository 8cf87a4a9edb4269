"""What is accepted, what is refused, and which value it becomes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app import feel
from tests.unit.forms.form_of import bound, part

OPTIONS = [{"value": "x", "label": "Ex"}, {"value": "y"}, {"value": 3, "label": "Three"}]
LIMITED = part("datetime", subtype="datetime", validate={"max": '=date("2026-03-02") + duration("P10D")'})
FUTURE = part("datetime", subtype="datetime", disallowPassedDates=True)
ZONE = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> object:
    return feel.from_python(dt.datetime.fromisoformat(text).replace(tzinfo=ZONE))


@pytest.mark.parametrize(
    ("component", "sent", "value"),
    [
        (part("textfield"), "  hello  ", "hello"),
        (part("textfield"), "   ", None),
        (part("textfield"), "<b>&{{1}}", "<b>&{{1}}"),
        (part("textarea"), "a\r\nb", "a\nb"),
        (part("textfield", validate={"pattern": "^[A-Z]{2}$"}), "AB", "AB"),
        (part("textfield", validate={"validationType": "email"}), "a@b.invalid", "a@b.invalid"),
        (part("textfield", validate={"validationType": "phone"}), "+86 100 0000 0001", "+86 100 0000 0001"),
        (part("number"), "12.50", Decimal("12.50")),
        (part("number"), "１２", Decimal(12)),
        (part("number"), "1 000", Decimal(1000)),
        (part("number", decimalDigits=2), "1.230", Decimal("1.230")),
        (part("number"), "", None),
        (part("checkbox"), ["", "true"], True),
        (part("checkbox"), "", False),
        (part("radio", values=OPTIONS), "x", "x"),
        (part("radio", values=OPTIONS), ["", "3"], Decimal(3)),
        (part("select", values=OPTIONS), "", None),
        (part("checklist", values=OPTIONS), ["", "y", "x"], ["x", "y"]),
        (part("taglist", valuesExpression='=["p", "q"]'), ["q"], ["q"]),
        (part("datetime"), "2026-03-02", feel.from_python(dt.date(2026, 3, 2))),
        (part("datetime", subtype="time"), "09:30", feel.from_python(dt.time(9, 30))),
        (part("datetime", subtype="datetime"), "2026-03-02T09:30", moment("2026-03-02T09:30")),
        (FUTURE, "2026-03-02T09:01", moment("2026-03-02T09:01")),
        (LIMITED, "2026-03-12T23:59", feel.from_python(dt.datetime(2026, 3, 12, 23, 59, tzinfo=ZONE))),
        (part("datetime", disallowPassedDates=True), "2026-03-02", feel.from_python(dt.date(2026, 3, 2))),
    ],
)
def test_is_accepted(component: dict[str, object], sent: str | list[str], value: object) -> None:
    form = bound(component, posted={"a": sent})
    assert form.validate(), form.errors
    assert form.values() == {"a": value}


@pytest.mark.parametrize(
    ("component", "sent", "message"),
    [
        (part("textfield", validate={"required": True}), "  ", "Please fill this in."),
        (part("textfield", validate={"minLength": 3}), "ab", "Write at least 3 characters."),
        (part("textfield", validate={"maxLength": "=limit"}), "abcd", "Write at most 3 characters."),
        (part("textfield"), "x" * 10_001, "Write at most 10000 characters."),
        (part("textfield"), "x" * 20_001, "This is too long."),
        (part("textfield", validate={"pattern": "^[A-Z]{2}$"}), "ABC", "This does not have the right form."),
        (
            part("textfield", validate={"pattern": "^A", "patternErrorMessage": "Begin with A."}), "B", "Begin with A.",
        ),
        (part("textfield", validate={"validationType": "email"}), "a@b", "Enter an e-mail address"),
        (part("textfield", validate={"validationType": "phone"}), "call me", "Enter a phone number"),
        (part("number", validate={"min": 0}), "-0.01", "Enter 0 or more."),
        (part("number", validate={"max": "=limit"}), "3.01", "Enter 3 or less."),
        (part("number", decimalDigits=0), "1.5", "Enter a whole number."),
        (part("number", decimalDigits=2), "1.234", "Enter at most 2 decimal places."),
        (part("number"), "12,50", "Enter a number such as"),
        (part("number"), "NaN", "Enter a number such as"),
        (part("number"), "1e999999", "Enter a number such as"),
        (part("number"), "1_000", "Enter a number such as"),
        (part("checkbox", validate={"required": True}), "", "Please fill this in."),
        (part("radio", values=OPTIONS), "z", "Choose one of the options."),
        (part("radio", values=OPTIONS, validate={"required": True}), "", "Please fill this in."),
        (part("checklist", values=OPTIONS), ["x", "z"], "Choose among the options."),
        (part("checklist", values=OPTIONS, validate={"required": True}), "", "Please fill this in."),
        (part("datetime"), "2026-02-30", "Enter a valid date or time."),
        (part("datetime", disallowPassedDates=True), "2026-03-01", "This is in the past."),
        (FUTURE, "2026-03-02T08:59", "This is in the past."),
        (LIMITED, "2026-03-13T00:00", "The latest possible is 2026-03-12 23:59."),
        (part("datetime", validate={"max": "2026-03-12"}), "9999-12-31", "The latest possible is 2026-03-12."),
    ],
)
def test_is_refused(component: dict[str, object], sent: str | list[str], message: str) -> None:
    form = bound(component, posted={"a": sent}, limit=3)
    assert not form.validate()
    (messages,) = form.errors.values()
    assert len(messages) == 1
    assert messages[0].startswith(message)
    assert form.rows[0][0].errors == messages


def test_messages_are_in_the_readers_language() -> None:
    form = bound(part("textfield", validate={"required": True}), posted={"a": ""}, locale="zh_CN")
    assert not form.validate()
    assert form.errors == {"a": ["请填写此项。"]}


def test_what_was_typed_stays_although_it_is_wrong() -> None:
    form = bound(part("number"), posted={"a": "twelve"})
    assert not form.validate()
    (rendering,) = form.rows[0]
    assert rendering.control is not None
    assert rendering.control.text == "twelve"


def test_hostile_patterns_cost_nothing() -> None:
    form = bound(part("textfield", validate={"pattern": "^(a+)+$"}), posted={"a": "a" * 9_999 + "!"})
    assert not form.validate()


@pytest.mark.parametrize(
    "component",
    [
        part("textfield"), part("textarea"), part("number"), part("checkbox"), part("datetime"),
        part("radio", values=OPTIONS), part("select", values=OPTIONS),
    ],
    ids=lambda component: str(component["type"]),
)
def test_w40_two_answers_where_one_is_meant_are_refused(component: dict[str, object]) -> None:
    form = bound(component, posted={"a": ["x", "x"]})
    assert not form.validate()
    assert form.errors == {"a": ["Several answers were sent where one is meant. Give it again."]}
