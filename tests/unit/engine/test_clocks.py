"""aftercare:clock: started, paused, stopped, withdrawn, with dates and minutes reckoned by hand.

Working time is 8:30-12:00 and 13:30-18:00 from Monday to Friday. 2026-10-01 (Thursday) to 10-07 are National Day;
Saturday 10-10 is worked to make up for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

import pytest

from app import engine
from app.calendars import Stretch, WorkingCalendar
from app.engine import Outcome
from app.engine.outcome import ClockChange
from tests.unit.engine.case import RESOURCES, ZONE, Case
from tests.unit.engine.faults import Fault

NewCase = Callable[..., Case]
_DAY = (Stretch(time(8, 30), time(12)), Stretch(time(13, 30), time(18)))
_OFF = {date(2026, 10, day): False for day in range(1, 8)}
CALENDAR = WorkingCalendar(ZONE, dict.fromkeys(range(5), _DAY), MappingProxyType(_OFF | {date(2026, 10, 10): True}))

MONDAY = "2026-03-02 "
SOUND = (RESOURCES / "clock.bpmn").read_text(encoding="utf-8")
FAULTS = {
    "unknown start": Fault('starts="open"', 'starts="opened"', "clock", "answer", sound=SOUND),
    "unknown stop": Fault('stops="reply"', 'stops="reply sent"', "clock", "answer", sound=SOUND),
    "a flow": Fault('withdraws="given_up"', 'withdraws="reply_hear"', "clock", "answer", sound=SOUND),
    "nothing stops it": Fault('stops="reply"', "", "clock", "answer", sound=SOUND),
    "no limit": Fault(' limit="1"', "", "clock", "answer", sound=SOUND),
    "no number": Fault('limit="1"', 'limit="soon"', "clock", "answer", sound=SOUND),
    "not above zero": Fault('limit="1"', 'limit="0"', "clock", "answer", sound=SOUND),
    "no FEEL": Fault('warn="=0.25"', 'warn="=1 +"', "feel_syntax", "answer", sound=SOUND),
    "no part of a variable": Fault('clock id="answer"', 'clock id="the-answer"', "clock", "the-answer", sound=SOUND),
    "the id of a step": Fault(
        'clock id="answer"', 'clock id="reply"', "duplicate_id", "reply", line='userTask id="reply"', sound=SOUND
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(name: str) -> None:
    FAULTS[name].check()


def test_it_is_read_with_its_words_and_who_is_told_may_read_the_cases() -> None:
    (process,) = engine.parse(SOUND.encode(), "clock.bpmn")
    clock = process.clocks["answer"]
    assert (clock.name, clock.escalate_groups, clock.pause_groups) == (
        "Answer", ("general_manager",), ("customer_service_manager",),
    )  # fmt: skip
    assert process.translations["zh_CN"]["answer"] == "答复"
    assert {"general_manager", "customer_service_manager"} <= set(process.reader_groups)


def at(text: str) -> datetime:
    """A moment on the wall clock of the site."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def begun(new_case: NewCase, when: str) -> Case:
    case = new_case("clock.bpmn", calendar=CALENDAR)
    case.now = at(when).astimezone(UTC)
    return case.start({"is_given_up": False, "is_reopened": False})


def later(case: Case, when: str) -> Case:
    case.now = at(when).astimezone(UTC)
    return case


def change(case: Case, kind: str) -> ClockChange:
    assert case.last is not None
    return next(one for one in case.last.clocks if one.kind == kind)


def pause(case: Case, call: Callable[..., Outcome]) -> Case:
    return case.take_step(lambda state, context: call(case.process, state, case.root, "answer", context))


@pytest.mark.parametrize(
    ("when", "due", "warn"),
    [
        # Lunch: 3 hours until noon, then 5 more from 13:30.
        ("2026-03-02 09:00", "2026-03-03 09:00", "2026-03-02 16:30"),
        # Friday afternoon: an hour on Friday, seven on Monday; the warning two working hours before.
        ("2026-03-06 17:00", "2026-03-09 17:00", "2026-03-09 15:00"),
        # The day before National Day, 16:00: two hours, then six on Thursday 10-08.
        ("2026-09-30 16:00", "2026-10-08 16:00", "2026-10-08 14:00"),
        # Friday 10-09 at 15:00: three hours, then five on the make-up Saturday, over lunch.
        ("2026-10-09 15:00", "2026-10-10 15:00", "2026-10-10 11:30"),
    ],
)  # fmt: skip
def test_due_and_warning_in_working_time(new_case: NewCase, when: str, due: str, warn: str) -> None:
    started = change(begun(new_case, when), "started")
    assert (started.due_at, started.warn_at, started.limit_minutes) == (at(due), at(warn), 480)


def test_its_due_date_is_a_variable_from_its_first_step_on(new_case: NewCase) -> None:
    case = begun(new_case, "2026-03-02 09:00")
    (work,) = case.user_tasks.values()
    assert case.value("opened_with") == case.value("answer_due_at")
    assert (work.due_at, work.clock_id) == (at("2026-03-03 09:00"), "answer")
    assert [due for _element, due in case.timers.values()] == [work.due_at]


def test_what_was_used_is_measured_when_it_stops_and_then_it_does_not_run(new_case: NewCase) -> None:
    case = later(begun(new_case, "2026-03-02 09:00").do("work"), "2026-03-03 10:15")
    stopped = change(case.do("reply"), "stopped")
    assert stopped.used_minutes == (3 + 4.5) * 60 + 105  # Monday from 9:00, Tuesday from 8:30
    (hear,) = case.user_tasks.values()
    assert hear.clock_id is None


def test_over_a_night_paused(new_case: NewCase) -> None:
    case = later(begun(new_case, "2026-03-02 09:00"), "2026-03-02 17:00")  # due on Tuesday at 9:00
    pause(case, engine.pause_clock)
    assert case.last is not None
    assert [one.due_at for one in case.last.rescheduled] == [None]
    assert case.timers == {}
    pause(later(case, "2026-03-03 10:00"), engine.resume_clock)  # 1 h on Monday, 1.5 h on Tuesday
    moved, due = change(case, "moved"), at("2026-03-03 11:30")
    assert (moved.due_at, [one.due_at for one in case.last.rescheduled]) == (due, [due])
    assert [when for _element, when in case.timers.values()] == [due]
    later(case, "2026-03-03 11:00").do("work").do("reply")
    assert change(case, "stopped").used_minutes == 6.5 * 60 + 60  # the pause is left out


def test_what_opens_during_a_pause_is_due_when_it_is_over(new_case: NewCase) -> None:
    case = pause(begun(new_case, "2026-03-02 09:00"), engine.pause_clock).do("work")
    (reply,) = case.user_tasks.values()
    assert (reply.due_at, reply.clock_id) == (None, "answer")
    pause(later(case, "2026-03-02 10:00"), engine.resume_clock)
    assert case.last is not None
    assert [one.due_at for one in case.last.rescheduled] == [at("2026-03-03 10:00")]


def test_stopped_during_a_pause(new_case: NewCase) -> None:
    case = pause(begun(new_case, "2026-03-02 09:00").do("work"), engine.pause_clock)
    later(case, "2026-03-02 11:00").do("reply")
    assert case.last is not None
    assert [(one.kind, one.used_minutes) for one in case.last.clocks] == [("moved", None), ("stopped", 0)]


def test_paused_and_resumed_only_where_it_is_so(new_case: NewCase) -> None:
    case = begun(new_case, "2026-03-02 09:00")
    with pytest.raises(engine.ClockNotRunning):
        pause(case, engine.resume_clock)
    pause(case, engine.pause_clock)
    with pytest.raises(engine.ClockNotRunning):
        pause(case, engine.pause_clock)


def test_its_due_date_is_moved_by_its_pauses_only(new_case: NewCase) -> None:
    case = begun(new_case, "2026-03-02 09:00")
    with pytest.raises(engine.ChangeRefused):
        case.set(case.root, answer_due_at=None)


def test_reopened_it_runs_another_round(new_case: NewCase) -> None:
    case = begun(new_case, "2026-03-02 09:00").do("work").do("reply")
    later(case, "2026-03-04 09:00").do("hear", is_reopened=True)
    assert change(case, "started").due_at == at("2026-03-05 09:00")


def test_withdrawn_where_the_diagram_says_and_with_the_case(new_case: NewCase) -> None:
    case = begun(new_case, "2026-03-02 09:00").do("work", is_given_up=True)
    assert change(case, "withdrawn").element_id == "given_up"
    cancelled = begun(new_case, "2026-03-02 09:00").cancel()
    assert change(cancelled, "withdrawn").used_minutes is None


def test_migrated_it_goes_on_where_the_new_version_has_it(new_case: NewCase) -> None:
    case = begun(new_case, "2026-03-02 09:00")
    other = SOUND.replace('clock id="answer"', 'clock id="reaction"').replace("=answer_due_at", "=now()")
    for text, kinds in ((SOUND, []), (other, ["withdrawn"])):
        (target,) = engine.parse(text.encode(), "clock.bpmn")
        assert case.state is not None
        mapping = engine.generate_mapping(case.process, target)
        context = engine.StepContext(now=case.now + timedelta(hours=1), zone=ZONE, calendar=CALENDAR)
        migrated = engine.migrate(case.process, case.state, target, mapping, context)
        assert [one.kind for one in migrated.outcome.clocks] == kinds


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_migrated_nothing_waits_for_a_paused_clock_that_it_does_not_name_any_more(
    new_case: NewCase, is_withdrawn: bool
) -> None:
    case = pause(begun(new_case, "2026-03-02 09:00"), engine.pause_clock)
    other = SOUND.replace("=answer_due_at", "=now() + duration(&quot;P9D&quot;)")
    (target,) = engine.parse(
        (other.replace('clock id="answer"', 'clock id="x"') if is_withdrawn else other).encode(), ""
    )
    context = engine.StepContext(now=case.now + timedelta(hours=1), zone=ZONE, calendar=CALENDAR)
    mapping = engine.generate_mapping(case.process, target)
    outcome = engine.migrate(case.process, case.state or b"", target, mapping, context).outcome
    due = at("2026-03-03 10:00") if is_withdrawn else context.now + timedelta(days=9)  # an hour later, or from now on
    assert [timer.due_at for timer in outcome.timers if timer.due_at] == [due]
    assert [task.due_at for task in outcome.rescheduled] == [due]


def test_a_limit_that_is_no_number_is_an_incident_where_it_starts(new_case: NewCase) -> None:
    source = SOUND.replace('limit="1"', 'limit="=is_given_up"').encode()
    with pytest.raises(engine.StepFailed) as failed:
        new_case(source, calendar=CALENDAR).start({"is_given_up": False, "is_reopened": False})
    assert failed.value.incident.element_id == "open"
