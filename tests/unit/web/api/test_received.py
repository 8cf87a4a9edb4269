"""Whatever does not fit its shape is told in words of ours: a new release of the library may say it otherwise."""

from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta

from app.web.api.received import OTHER, ShapeRefused, converted
from app.web.api.shapes import Day, Received

Text = Annotated[str, Meta(min_length=2, max_length=4)]


class Inner(Received, frozen=True):
    number: Annotated[int, Meta(ge=1, le=9)]


class Sent(Received, frozen=True):
    text: Text
    kind: Literal["a", "b"] = "a"
    day: Day = "2026-10-31"
    ids: Annotated[list[Text], Meta(min_length=1, max_length=2)] = []  # noqa: RUF012  # msgspec copies it
    inner: Inner | None = None


@pytest.mark.parametrize(
    ("sent", "place", "said"),
    [
        ({}, "request", "“text” is missing."),
        ({"text": "ab", "else": 1}, "request", "“else” is not known here."),
        ({"text": "ab", "el\nse": 1}, "request", "“el\nse” is not known here."),
        ({"text": "a"}, "text", "At least 2 characters are wanted."),
        ({"text": "abcde"}, "text", "At most 4 characters are taken."),
        ({"text": 1}, "text", "Wanted is a text, not a whole number."),
        ({"text": "ab", "kind": "c"}, "kind", "“c” is none of the values that are known here."),
        ({"text": "ab", "day": "today"}, "day", "A text of the form ^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$ is wanted."),
        ({"text": "ab", "ids": []}, "ids", "At least 1 entries are wanted."),
        ({"text": "ab", "ids": ["ab"] * 3}, "ids", "At most 2 entries are taken."),
        ({"text": "ab", "ids": ["ab", "a"]}, "ids[1]", "At least 2 characters are wanted."),
        ({"text": "ab", "inner": 1}, "inner", "Wanted is an object / null, not a whole number."),
        ({"text": "ab", "inner": {"number": 10}}, "inner.number", "A number <= 9 is wanted."),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(sent: dict[str, Any], place: str, said: str) -> None:
    with pytest.raises(ShapeRefused) as refused:
        converted(sent, Sent, is_strict=True)
    error = refused.value
    assert {name: text % error.params for name, text in error.fields.items()} == {place: said}
    assert OTHER not in error.fields.values()


def test_an_address_writes_numbers_and_truths_as_texts() -> None:
    assert converted({"number": "3"}, Inner, is_strict=False) == Inner(3)
