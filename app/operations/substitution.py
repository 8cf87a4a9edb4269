"""Substitution: somebody does another's work for some days. It ends by itself, and can be ended at any time.

Nothing changes hands: what is done is done on behalf of the principal, and what is left is the principal's.
A substitute's substitute does only the substitute's own work (docs/acting-for-others.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Substitution, SubstitutionProcess
from app.operations.actor import Actor
from app.operations.history import CONFIGURATION_STREAM, Event, append_events, lock_stream
from app.operations.jobs import enqueue
from app.operations.notifications import notify
from app.operations.reasons import stated_reason
from app.operations.substitution_checks import (
    bounds,
    refuse_cycle,
    require_days,
    require_namer,
    require_processes,
    require_substitute,
)

SUBSTITUTION_JOB = "substitution"


@dataclass(frozen=True, slots=True)
class SubstitutionTerms:
    """From which day to which, for which processes (none named: all), and whether what is open now goes with it."""

    first_day: date
    last_day: date
    processes: frozenset[str] = frozenset()
    includes_open: bool = True


class SubstitutionNotFound(NotFound):
    """There is no such substitution, or it concerns other people."""

    def __init__(self) -> None:
        super().__init__(N_("This substitution does not exist, or you may not see it."))


def name_substitute(
    session: Session,
    principal_id: str,
    substitute_id: str,
    terms: SubstitutionTerms,
    *,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> str:
    """Have one person do another's work for some days; returns the id of the substitution.

    The principal may, for colleagues of a shared site; whoever leads or administers at a site of the principal's may
    too, for anybody, and says why. Raises NotAllowed, NotFound, InvalidInput (days, processes, cycles).
    """
    lock_stream(session, CONFIGURATION_STREAM)  # or two at once could each close half of a cycle
    text = _checked(session, principal_id, reason, actor)
    require_substitute(session, principal_id, substitute_id, is_own=actor.user_id == principal_id)
    starts_at, ends_at = _checked_terms(session, principal_id, substitute_id, terms, None, now)
    row = Substitution(
        id=new_id(), principal_id=principal_id, substitute_id=substitute_id, first_day=terms.first_day,
        last_day=terms.last_day, starts_at=starts_at, ends_at=ends_at, is_in_force=starts_at <= now,
        includes_open=terms.includes_open, reason=text, named_by=actor.user_id, named_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _keep_processes(session, row.id, terms.processes)
    _watch(session, row, now)
    body = {"substitution": row.id, "principal": principal_id, "substitute": substitute_id, **_told(terms)}
    _record(session, Event("substitution_named", body, reason=text), actor, now)
    note = f"{terms.first_day.isoformat()} – {terms.last_day.isoformat()}"
    notify(session, [substitute_id, principal_id], "substitution", params={"note": note}, actor=actor, now=now)
    return row.id


def change_substitution(
    session: Session, substitution_id: str, terms: SubstitutionTerms, *, reason: str = "", actor: Actor, now: datetime
) -> None:
    """Give a substitution that is not over other days, processes or extent. Raises as `name_substitute`."""
    lock_stream(session, CONFIGURATION_STREAM)
    row = _not_over(session, substitution_id, now)
    text = _checked(session, row.principal_id, reason, actor)
    before = terms_of(session, row)
    row.starts_at, row.ends_at = _checked_terms(session, row.principal_id, row.substitute_id, terms, row.id, now)
    row.first_day, row.last_day, row.includes_open = terms.first_day, terms.last_day, terms.includes_open
    row.is_in_force = row.starts_at <= now
    session.flush()
    _keep_processes(session, row.id, terms.processes)
    _watch(session, row, now)
    body = {
        "substitution": row.id, "principal": row.principal_id, "substitute": row.substitute_id,
        "old": _told(before), "new": _told(terms),
    }  # fmt: skip
    _record(session, Event("substitution_changed", body, reason=text), actor, now)


def end_substitution(
    session: Session, substitution_id: str, *, reason: str = "", actor: Actor, now: datetime
) -> None:
    """End a substitution at once; the substitute may do so as well. Raises NotAllowed, NotFound, InvalidInput."""
    lock_stream(session, CONFIGURATION_STREAM)
    row = _not_over(session, substitution_id, now)
    is_substitute = actor.user_id == row.substitute_id
    text = (reason.strip() or None) if is_substitute else _checked(session, row.principal_id, reason, actor)
    row.ends_at, row.is_in_force, row.ended_by = now, False, actor.user_id
    session.flush()
    body = {"substitution": row.id, "principal": row.principal_id, "substitute": row.substitute_id}
    _record(session, Event("substitution_ended", body, reason=text), actor, now)


def settle_substitution(session: Session, substitution_id: str, *, now: datetime) -> None:
    """Bring `is_in_force` up to date: what the job does when a substitution begins or ends by itself."""
    row = session.get(Substitution, substitution_id)
    if row is not None:
        row.is_in_force = row.starts_at <= now < row.ends_at


def terms_of(session: Session, row: Substitution) -> SubstitutionTerms:
    """The terms of a substitution as they are."""
    keys = select(SubstitutionProcess.process_key).where(SubstitutionProcess.substitution_id == row.id)
    return SubstitutionTerms(row.first_day, row.last_day, frozenset(session.scalars(keys)), row.includes_open)


def _not_over(session: Session, substitution_id: str, now: datetime) -> Substitution:
    row = session.get(Substitution, substitution_id)
    if row is None:
        raise SubstitutionNotFound
    if row.ends_at <= now:
        raise InvalidInput(N_("This substitution is over. Name the substitute again."))
    return row


def _checked(session: Session, principal_id: str, reason: str, actor: Actor) -> str | None:
    require_namer(session, principal_id, actor)
    return (reason.strip() or None) if actor.user_id == principal_id else stated_reason(reason)


def _checked_terms(
    session: Session, principal_id: str, substitute_id: str, terms: SubstitutionTerms, own_id: str | None, now: datetime
) -> tuple[datetime, datetime]:
    starts_at, ends_at = bounds(session, principal_id, terms.first_day, terms.last_day)
    require_days(terms.first_day, terms.last_day, ends_at, now)
    require_processes(session, terms.processes)
    refuse_cycle(session, principal_id, substitute_id, (starts_at, ends_at), terms.processes, own_id)
    return starts_at, ends_at


def _keep_processes(session: Session, substitution_id: str, processes: Iterable[str]) -> None:
    session.execute(delete(SubstitutionProcess).where(SubstitutionProcess.substitution_id == substitution_id))
    session.add_all(SubstitutionProcess(substitution_id=substitution_id, process_key=key) for key in processes)
    session.flush()


def _watch(session: Session, row: Substitution, now: datetime) -> None:
    """A job at each end; one of earlier terms finds nothing to do."""
    for moment in (row.starts_at, row.ends_at):
        if moment > now:
            enqueue(session, SUBSTITUTION_JOB, {"substitution_id": row.id}, run_at=moment, now=now)


def _told(terms: SubstitutionTerms) -> dict[str, object]:
    return {
        "first_day": terms.first_day.isoformat(),
        "last_day": terms.last_day.isoformat(),
        "processes": sorted(terms.processes),
        "includes_open": terms.includes_open,
    }


def _record(session: Session, event: Event, actor: Actor, now: datetime) -> None:
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
