"""Is everything there that the product needs to do its work? Asked by load balancers and by `aftercare check`."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import is_current
from app.i18n import N_
from app.models import Job, SigningKey, SubjectKey
from app.models.operating_facts import oldest_due_job, oldest_unsealed_event
from app.operations.job_handlers import JOB_KINDS

# What needs no other program must not wait longer; otherwise no worker runs, or it cannot keep up.
LONGEST_WAIT = timedelta(minutes=2)
LEAST_FREE_BYTES = 500 * 1024 * 1024
INSIDE = tuple(kind.name for kind in JOB_KINDS if kind.work is None)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `msgid` says what is wrong, with `params`, and is empty where all is well."""

    name: str
    msgid: str = ""
    params: tuple[tuple[str, object], ...] = ()

    @property
    def is_well(self) -> bool:
        return not self.msgid


def look_at_all(session: Session, data_dir: Path, now: datetime) -> list[Finding]:
    """Every thing, each with what is wrong with it."""
    found = [_of_database("database", session, lambda: _migrated(session))]
    found.append(_of_database("keys", session, lambda: _keys(session)))
    found.append(_of_database("worker", session, lambda: _worker(session, now)))
    return [*found, _disk(data_dir)]


def _of_database(name: str, session: Session, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except SQLAlchemyError:
        session.rollback()
        return Finding(name, N_("The database does not answer or has no tables yet. Run: aftercare upgrade-database"))


def _migrated(session: Session) -> Finding:
    if is_current(session.get_bind(Job).engine, "main"):
        return Finding("database")
    return Finding("database", N_("The database is not of this release. Run: aftercare upgrade-database"))


def _keys(session: Session) -> Finding:
    session.execute(select(SigningKey.id).limit(1))
    if is_current(session.get_bind(SubjectKey).engine, "keys"):
        return Finding("keys")
    return Finding("keys", N_("The store of keys is not of this release. Run: aftercare upgrade-database"))


def _worker(session: Session, now: datetime) -> Finding:
    """A worker seals what happened within seconds and does what is due: what waits longer shows that none is there."""
    waiting = [since for since in (oldest_due_job(session, now, INSIDE), oldest_unsealed_event(session)) if since]
    seconds = int((now - min(waiting)).total_seconds()) if waiting else 0
    if seconds <= LONGEST_WAIT.total_seconds():
        return Finding("worker")
    text = N_("Work has been waiting for %(seconds)s seconds: start a worker, or look into its log.")
    return Finding("worker", text, (("seconds", seconds),))


def _disk(data_dir: Path) -> Finding:
    free = shutil.disk_usage(data_dir).free
    if free >= LEAST_FREE_BYTES:
        return Finding("disk")
    text = N_("Only %(megabytes)s MB are free where the data lies. Make room before the disk is full.")
    return Finding("disk", text, (("megabytes", free // (1024 * 1024)),))
