"""Timers by the clock on the wall: cron's five fields and the six of Quartz."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import engine
from app.engine.events.cron import parse_cron
from tests.unit.engine.case import NOW, ZONE, Case, context, flows, process_of, read

BERLIN = ZoneInfo("Europe/Berlin")
CYCLE = "<bpmn:timerEventDefinition><bpmn:timeCycle>%s</bpmn:timeCycle></bpmn:timerEventDefinition>"


def local(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("30 9 * * *", "2026-03-02T09:30"),  # it is Monday, 9:00
        ("0 9 * * *", "2026-03-03T09:00"),
        ("0 9 * * 1-5", "2026-03-03T09:00"),
        ("0 9 1 * *", "2026-04-01T09:00"),
        ("*/20 * * * *", "2026-03-02T09:20"),
        ("0 18 L * *", "2026-03-31T18:00"),
        ("0 9 * * 0", "2026-03-08T09:00"),
        ("0 0 9 ? * 1", "2026-03-08T09:00"),  # Quartz counts from Sunday
        ("0 0 9 ? * 3-4", "2026-03-03T09:00"),
        ("0 30 9 * * ?", "2026-03-02T09:30"),
        ("0 0 9 ? * SUN", "2026-03-08T09:00"),
        ("0 0 9 ? * 2#1", "2026-04-06T09:00"),  # the first Monday of a month
    ],
)
def test_the_next_time(text: str, due: str) -> None:
    cron = parse_cron(text)
    assert cron is not None
    assert cron.after(NOW, ZONE) == local(due)


@pytest.mark.parametrize(
    "text", ["", "* * * *", "61 * * * *", "0 9 * * MONDAY", "30 0 9 * * ?", "0 0 9 ? * 1 2026", "@daily", "R/PT1H"]
)
def test_what_is_no_cron_expression(text: str) -> None:
    assert parse_cron(text) is None


def test_summer_time_neither_forgets_nor_repeats() -> None:
    cron = parse_cron("30 2 * * *")
    assert cron is not None
    before = local("2026-03-28T12:00", BERLIN)
    times = []
    for _ in range(3):
        before = cron.after(before, BERLIN)
        times.append(before.astimezone(BERLIN).strftime("%d %H"))
    assert [day.split()[0] for day in times] == ["29", "30", "31"]
    autumn = cron.after(local("2026-10-24T12:00", BERLIN), BERLIN)
    assert cron.after(autumn, BERLIN) - autumn >= timedelta(hours=24)


@pytest.mark.parametrize("is_saved", [False, True])
def test_a_cycle_on_the_boundary_happens_each_day_at_nine(*, is_saved: bool) -> None:
    source = process_of(
        '<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:userTask id="h"/><bpmn:endEvent id="e"/>',
        f'<bpmn:endEvent id="e2"/><bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
        f"{CYCLE % '0 9 * * *'}</bpmn:boundaryEvent>",
        flows("s a", "a e", "b h", "h e2"),
    )
    case = Case(source, is_saved=is_saved).start()
    for day in (3, 4, 5):
        (_, due), = case.timers.values()
        assert due == local(f"2026-03-0{day}T09:00")
        case.fire("b")
    assert case.open == ["a", "h", "h", "h"]


def test_a_start_event_follows_the_clock() -> None:
    xml = process_of(
        f'<bpmn:startEvent id="s">{CYCLE % "0 0 8 ? * MON-FRI"}</bpmn:startEvent><bpmn:endEvent id="e"/>', flows("s e")
    )
    (trigger,) = read(xml).start_triggers
    due = engine.first_due(trigger, context())
    assert due is not None
    assert due.at == local("2026-03-03T08:00")
    following = engine.next_due(trigger, engine.DueStart(local("2026-03-06T08:00"), None), context())
    assert following is not None
    assert following.at == local("2026-03-09T08:00"), "after Friday comes Monday"
