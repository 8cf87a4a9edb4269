"""The clocks of a case: listed with their pauses, paused with a reason, resumed."""

from typing import Annotated, Literal

from msgspec import Meta

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models.clock_ledger import LedgerRound, clock_ledger
from app.operations.case_clocks import pause_case_clock, resume_case_clock
from app.operations.cases import lock_case
from app.web.api.guards import Guard, telling_what_there_is
from app.web.api.shapes import Minutes, Moment, Reason, Received, Shape, VersionedShape
from app.web.api.subjects import Subject, Told
from app.web.clock_view import may_pause
from app.web.content_places import existing_case
from app.web.current import current_actor, current_time
from app.web.permissions import Permission

CLOCKS = Subject(
    "clocks", N_("Clocks of a case"),
    N_("Working time that a case has for something, such as one working day for an answer; each begin is a round."),
)  # fmt: skip
ROUND = "/cases/<instance_id>/clocks/<clock_id>/<int:number>"


class ClockPause(Shape, frozen=True):
    """A time in which nothing of it was due."""

    paused_at: Moment
    paused_by: str
    reason: str
    resumed_at: Moment | None
    resumed_by: str | None


class ClockRound(VersionedShape, frozen=True):
    """A round of a clock."""

    clock: str
    number: int
    site: str
    state: Literal["running", "paused", "met", "breached", "withdrawn"]
    started_at: Moment
    due_at: Moment
    stopped_at: Moment | None
    breached_at: Moment | None
    paused_since: Moment | None
    limit_minutes: Minutes
    used_minutes: Minutes | None
    may_pause: Annotated[bool, Meta(description=N_("Whether the token's person may pause and resume it"))]
    pauses: list[ClockPause]


class ClockList(Shape, frozen=True):
    """All rounds of a case."""

    clocks: list[ClockRound]


class Pausing(Received, frozen=True):
    """Why it is to stand still."""

    reason: Reason


@CLOCKS.offers(
    "GET",
    "/cases/<instance_id>/clocks",
    Permission.WORK,
    "read",
    Told(N_("List the clocks of a case with their pauses")),
)
def list_clocks(instance_id: str) -> ClockList:
    """In the order in which they began."""
    existing_case(instance_id)
    return ClockList([_shape(one) for one in clock_ledger(db.session(), instance_id)])


@CLOCKS.offers("GET", ROUND, Permission.WORK, "read", Told(N_("Show a round of a clock")))
def show_clock(instance_id: str, clock_id: str, number: int) -> ClockRound:
    """One of them."""
    existing_case(instance_id)
    return _round(instance_id, clock_id, number)


@CLOCKS.offers(
    "POST", f"{ROUND}/pause", Permission.WORK, "work",
    Told(N_("Pause a clock"), N_("Nothing of it is due until it is resumed. Only a clock that runs can be paused.")),
)  # fmt: skip
def pause_clock(instance_id: str, clock_id: str, number: int, body: Pausing, guard: Guard) -> ClockRound:
    """Let it stand still."""
    existing_case(instance_id)
    guard.check(lambda: _locked(instance_id, clock_id, number))
    actor, now = current_actor(), current_time()
    with telling_what_there_is(lambda: _round(instance_id, clock_id, number)):
        pause_case_clock(db.session(), instance_id, clock_id, number, body.reason, actor=actor, now=now)
    return _round(instance_id, clock_id, number)


@CLOCKS.offers(
    "POST", f"{ROUND}/resume", Permission.WORK, "work",
    Told(N_("Resume a clock"), N_("What is due by it is due later by the working time of the pause.")),
)  # fmt: skip
def resume_clock(instance_id: str, clock_id: str, number: int, guard: Guard) -> ClockRound:
    """Let it go on."""
    existing_case(instance_id)
    guard.check(lambda: _locked(instance_id, clock_id, number))
    with telling_what_there_is(lambda: _round(instance_id, clock_id, number)):
        resume_case_clock(db.session(), instance_id, clock_id, number, actor=current_actor(), now=current_time())
    return _round(instance_id, clock_id, number)


def _locked(instance_id: str, clock_id: str, number: int) -> ClockRound:
    lock_case(db.session(), instance_id)
    return _round(instance_id, clock_id, number)


def _round(instance_id: str, clock_id: str, number: int) -> ClockRound:
    wanted = (clock_id, number)
    for one in clock_ledger(db.session(), instance_id):
        if (one.clock_id, one.number) == wanted:
            return _shape(one)
    raise NotFound(N_("This case has no such clock."))


def _shape(one: LedgerRound) -> ClockRound:
    return ClockRound(
        clock=one.clock_id, number=one.number, site=one.site_id, state=one.state,  # type: ignore[arg-type]
        started_at=one.started_at, due_at=one.due_at, stopped_at=one.stopped_at, breached_at=one.breached_at,
        paused_since=one.paused_since, limit_minutes=one.limit_minutes, used_minutes=one.used_minutes,
        may_pause=may_pause(one),
        pauses=[
            ClockPause(pause.paused_at, pause.paused_by, pause.reason, pause.resumed_at, pause.resumed_by)
            for pause in one.pauses
        ],
    )  # fmt: skip
