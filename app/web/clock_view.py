"""The clocks of a case in words: what is left or was used, pauses with their reasons, and who may change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.extensions import db
from app.models.clock_ledger import LedgerPause, LedgerRound, clock_ledger
from app.models.display_names import definition_names
from app.models.user_task_place import AnyCase
from app.operations import case_clocks
from app.web.clock_times import ClockTimes, working_time
from app.web.content_places import FIELD
from app.web.current import current_person, current_time
from app.web.element_names import clock_name
from app.web.human_times import HumanTime, describe_moment
from app.web.languages import locale
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext

TONES = {"running": "blue", "paused": "violet", "met": "green", "breached": "red", "withdrawn": "grey"}


@dataclass(frozen=True, slots=True)
class ShownPause:
    """A pause: when, by whom, why."""

    when: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A round of a clock; the addresses are empty where the person may not, or nothing is to be paused."""

    clock_id: str
    number: int
    name: str
    state: str
    tone: str
    started: HumanTime
    due: HumanTime
    limit: str
    time: str  # left, used or none
    pauses: list[ShownPause]
    pause_url: str
    resume_url: str


def shown_clocks(
    instance: AnyCase, *, user_task_id: str | None = None, clock_id: str | None = None
) -> list[ShownClock]:
    """The rounds of a case.

    Arguments: user_task_id, on whose page they are shown; clock_id, where only the present round of one is wanted.
    """
    rounds = clock_ledger(db.session(), instance.id)
    if clock_id is not None:
        rounds = [one for one in rounds if one.clock_id == clock_id][-1:]
    if not rounds:
        return []
    names = definition_names(db.session(), {instance.definition_id})[instance.definition_id]
    people = actor_names({person for one in rounds for person in _people(one.pauses)})
    times = ClockTimes(current_time(), current_person().zone, locale())
    counts = {one.clock_id: one.number for one in rounds}
    place = {"instance_id": instance.id, FIELD: user_task_id}
    return [
        _shown(one, clock_name([names], one.clock_id), times, people, place, is_one_of_several=counts[one.clock_id] > 1)
        for one in rounds
    ]


def may_pause(one: LedgerRound) -> bool:
    """Whether the person may pause or resume this round; the operation decides again."""
    groups = {group for group, site_id in current_person().memberships if site_id == one.site_id}
    return case_clocks.may_pause(groups, one.pause_groups)


def _shown(
    one: LedgerRound,
    name: str,
    times: ClockTimes,
    people: dict[str, str],
    place: dict[str, Any],
    *,
    is_one_of_several: bool,
) -> ShownClock:
    reading = (current_time(), current_person().zone, locale())
    is_open, may = one.stopped_at is None, may_pause(one)
    place = {**place, "clock_id": one.clock_id, "number": one.number}
    is_late = current_time() > one.due_at
    return ShownClock(
        clock_id=one.clock_id,
        number=one.number,
        name=gettext("%(name)s (round %(number)d)", name=name, number=one.number) if is_one_of_several else name,
        state=_state(one),
        tone=TONES[one.state],
        started=describe_moment(one.started_at, *reading),
        due=describe_moment(one.due_at, *reading),
        limit=working_time(one.limit_minutes),
        time=_time(one, times),
        pauses=[_pause(pause, people) for pause in one.pauses],
        pause_url=url_for("case_clocks.pause_form", **place) if may and one.state == "running" and not is_late else "",
        resume_url=url_for("case_clocks.resume", **place) if may and is_open and one.state == "paused" else "",
    )


def _state(one: LedgerRound) -> str:
    if one.state == "breached" and one.stopped_at is not None:
        return gettext("done too late")
    return {
        "running": gettext("running"),
        "paused": gettext("paused"),
        "met": gettext("in time"),
        "breached": gettext("not done in time"),
        "withdrawn": gettext("no longer needed"),
    }[one.state]


def _time(one: LedgerRound, times: ClockTimes) -> str:
    if one.used_minutes is not None:
        return gettext("%(time)s used", time=working_time(one.used_minutes))
    if one.state == "running" and one.due_at > current_time():
        return gettext("%(time)s left", time=working_time(times.minutes_until(one.site_id, one.due_at)))
    return ""


def _people(pauses: Iterable[LedgerPause]) -> Iterable[str]:
    for pause in pauses:
        yield pause.paused_by
        if pause.resumed_by:
            yield pause.resumed_by


def _pause(pause: LedgerPause, people: dict[str, str]) -> ShownPause:
    reading = (current_time(), current_person().zone, locale())
    begin = describe_moment(pause.paused_at, *reading).text
    end = describe_moment(pause.resumed_at, *reading).text if pause.resumed_at else gettext("until now")
    return ShownPause(f"{begin} – {end}", name_of(pause.paused_by, people), pause.reason)
