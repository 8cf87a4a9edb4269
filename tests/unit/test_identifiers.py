"""Identifiers: UUIDs of version 7, each later one greater."""

import time
import uuid

import pytest

from app.identifiers import new_id


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
