"""The clocks of a case as pages show them: each round with its pauses."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models.case_clock import CaseClock, CaseClockPause
from app.models.prepared import Prepared, table_of


@dataclass(frozen=True, slots=True)
class LedgerPause:
    """A pause; `resumed_at` is None while it lasts."""

    clock_id: str
    number: int
    paused_at: datetime
    paused_by: str
    reason: str
    resumed_at: datetime | None
    resumed_by: str | None


@dataclass(frozen=True, slots=True)
class LedgerRound:
    """A round of a clock; minutes are working time."""

    clock_id: str
    number: int
    site_id: str
    state: str
    started_at: datetime
    due_at: datetime
    breached_at: datetime | None
    paused_since: datetime | None
    stopped_at: datetime | None
    limit_minutes: int
    used_minutes: int | None
    pause_groups: str
    pauses: list[LedgerPause] = field(default_factory=list)


_CLOCK, _PAUSE = table_of(CaseClock), table_of(CaseClockPause)
_ROUND_COLUMNS = (
    "clock_id", "number", "site_id", "state", "started_at", "due_at", "breached_at", "paused_since", "stopped_at",
    "limit_minutes", "used_minutes", "pause_groups",
)  # fmt: skip
_PAUSE_COLUMNS = ("clock_id", "number", "paused_at", "paused_by", "reason", "resumed_at", "resumed_by")
_ROUNDS = Prepared(
    select(*(_CLOCK.c[name] for name in _ROUND_COLUMNS))
    .where(_CLOCK.c.instance_id == bindparam("instance_id"))
    .order_by(_CLOCK.c.started_at, _CLOCK.c.clock_id, _CLOCK.c.number)
)
_PAUSES = Prepared(
    select(*(_PAUSE.c[name] for name in _PAUSE_COLUMNS))
    .where(_PAUSE.c.instance_id == bindparam("instance_id"))
    .order_by(_PAUSE.c.paused_at)
)


def clock_ledger(session: Session, instance_id: str) -> list[LedgerRound]:
    """All rounds of a case in the order in which they began; the case's visibility is the caller's matter."""
    rounds = [LedgerRound(*row) for row in _ROUNDS.rows(session, {"instance_id": instance_id})]
    if rounds:
        by_key = {(one.clock_id, one.number): one for one in rounds}
        for pause in (LedgerPause(*row) for row in _PAUSES.rows(session, {"instance_id": instance_id})):
            by_key[pause.clock_id, pause.number].pauses.append(pause)
    return rounds
