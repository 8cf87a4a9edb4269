"""Identifiers: UUIDs of version 7, each later one greater."""

import time
import uuid

import pytest

from app.identifiers import id_for, new_id


def test_identifiers_are_uuids_of_version_7_with_the_time_of_their_creation() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_identifiers_ascend_even_when_the_clock_stands_or_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [new_id() for _ in range(1_000)]
    for moment in (time.time_ns(), 0):
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment)
        made += [new_id() for _ in range(5_000)]
    assert made == sorted(set(made))


def test_the_same_content_of_the_same_page_has_the_same_identifier() -> None:
    offered = new_id()
    made = uuid.UUID(id_for(offered, b"content") or "")
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.hex == id_for(offered, b"content")
    assert made.hex[:16] == offered[:16]
    assert len({made.hex, offered, id_for(offered, b"other"), id_for(new_id(), b"content")}) == 4


GIVEN = "01a202fb3ee27e81b45d88fe4b529671"


@pytest.mark.parametrize("offered", ["", "x" * 32, "0" * 32, GIVEN.upper() + "A", GIVEN + "\n"])
def test_what_no_page_was_given_counts_as_new(offered: str) -> None:
    assert id_for(offered, b"content") is None
