import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.operations.actor import NamedProgram
from app.operations.history_canonical import (
    CanonicalEvent,
    NotCanonical,
    Sealed,
    canonical_bytes,
    canonical_json,
    canonical_moment,
    event_hash,
)

EVENT = CanonicalEvent(
    activity="act-1",
    actor="anna",
    at=datetime(2026, 3, 2, 1, 30, 0, 5, UTC),
    body={"z": [1, None], "ä": "说"},
    element=None,
    instance="i1",
    on_behalf_of=None,
    personal=Sealed("c1", b"\x01" * 12, b"\xff\x00"),
    reason=None,
    site="s1",
    stream="case:i1",
    stream_sequence=7,
    type="user_task_completed",
)
# Written out once and for all: a change of these bytes would make every stored history unverifiable.
FROZEN = (
    '{"activity":"act-1","actor":"anna","at":"2026-03-02T01:30:00.000005Z","body":{"z":[1,null],"ä":"说"},'
    '"element":null,"instance":"i1","on_behalf_of":null,"personal":{"ciphertext":"ff00",'
    '"nonce":"010101010101010101010101","subject":"c1"},"reason":null,"site":"s1","stream":"case:i1",'
    '"stream_sequence":7,"type":"user_task_completed","version":1}'
).encode()

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


def test_bytes_are_the_documented_ones() -> None:
    assert canonical_bytes(EVENT) == FROZEN


def test_a_named_program_stands_among_the_other_keys() -> None:
    event = replace(EVENT, program=NamedProgram("DMS import", "t1"))
    named = FROZEN.replace(b'"reason":null', b'"program":{"name":"DMS import","token":"t1"},"reason":null')
    assert canonical_bytes(event) == named


def test_hash_is_the_documented_one() -> None:
    expected = hashlib.sha256(b"aftercare.history.event.v1\x00" + b"\x02" * 32 + FROZEN).digest()
    assert event_hash(b"\x02" * 32, FROZEN) == expected


@given(plain)
def test_json_is_what_any_other_program_would_write(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical_json(value) == text.encode()


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))
def test_a_moment_has_one_form_in_every_zone(moment: datetime, minutes: int) -> None:
    if not 2 <= moment.year <= 9998:
        return
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert canonical_moment(elsewhere) == canonical_moment(moment)
    assert len(canonical_moment(moment)) == 27


@pytest.mark.parametrize("value", [0.5, float("nan"), Decimal(1), {"a": [1.0]}, {1: "x"}, b"x", "\ud800", 2**70])
def test_what_has_more_than_one_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)
