"""Who asks and when: what every view hands to queries and operations."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from functools import cache
from typing import cast

from flask import Request, current_app, g, request

from app.models.signed_in_person import Person
from app.operations.actor import Actor

_CLOCK = "clock_of_work"


def this_request() -> Request:
    """The request itself: to look at it through Flask's proxy each time costs more than what is looked for."""
    return cast(Request, request._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def current_person_or_none() -> Person | None:
    """The signed-in person, or None before sign-in."""
    return cast(Person | None, g.get("person"))


def current_person() -> Person:
    """The signed-in person; only in views that do not allow anybody else."""
    person = current_person_or_none()
    if person is None:
        raise LookupError("a view that asks for the person must not be public")
    return person


def current_actor() -> Actor:
    """The signed-in person as operations want it, with the program that came with the person's token."""
    return Actor(current_person().id, program=g.get("program"))


def current_time() -> datetime:
    """The engine's time: the one of cases, user tasks and history."""
    clock = g.get(_CLOCK) or current_app.extensions["clock"]
    return cast(datetime, clock())


@contextmanager
def at_one_time() -> Iterator[None]:
    """Let the engine's time stand still once it was asked for: what is done again is done at the same time."""
    setattr(g, _CLOCK, cache(current_app.extensions["clock"]))
    try:
        yield
    finally:
        g.pop(_CLOCK)


def current_day(zone: tzinfo) -> date:
    """The day of that time on the clocks of a zone."""
    return current_time().astimezone(zone).date()


def session_time() -> datetime:
    """The real time, for sessions and throttles: the test clock never moves these."""
    return cast(datetime, current_app.extensions["session_clock"]())
