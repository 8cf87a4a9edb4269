"""`aftercare restore`"""

import time
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import inspect, select

from app.cli.backup_manifest import Manifest, read_manifest
from app.cli.database_copies import is_sqlite, restore_database, sqlite_path
from app.cli.file_copies import bring_files
from app.cli.frame import session_on, settings
from app.cli.language import _
from app.cli.upgrade_database import upgrade_both
from app.cli.verify_history import tell_files
from app.clock import real_clock
from app.config import Config
from app.database import JOB_WAIT_SECONDS, create_engine_for, writing
from app.errors import Conflict
from app.files import FileStore
from app.i18n import N_
from app.models import HistoryEvent
from app.operations.actor import SYSTEM
from app.operations.attachment_verification import FilesResult, verify_attachments
from app.operations.customer_erasure import erase_again
from app.operations.history_checkpoints import read_checkpoints
from app.operations.history_erasure import replay_erasures
from app.operations.history_verification import VerifyResult, verify_history
from app.operations.outgoing_switch import switch_outgoing

BACKUP = click.Path(exists=True, file_okay=False, path_type=Path)


class DatabaseInUse(Conflict):
    """There is a database already where the backup should go."""


@click.command(help=_("Put a backup in the place of the database, erase again who was erased since, and prove it."))
@click.argument("folder", type=BACKUP)
@click.option("--keys-from", type=BACKUP, help=_("A backup of the keys; without it the keys stay as they are."))
@click.option(
    "--checkpoints", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Checkpoints kept outside, to hold the restored history against."),
)
@click.option("--replace", is_flag=True, help=_("There is a database already: put it aside. Stop the server first."))
@click.pass_context
def restore(
    context: click.Context, folder: Path, keys_from: Path | None, checkpoints: Path | None, *, replace: bool
) -> None:
    """Exits with status 1 when the restored history does not verify; what was there before is kept beside it."""
    began, config, now = time.monotonic(), settings(), real_clock()
    manifest = read_manifest(folder, "main")
    keys = read_manifest(keys_from, "keys") if keys_from else None
    files = bring_files(folder, manifest.files_sha256, config.files_dir) if manifest.files_sha256 else None
    last = _last_event_at(config) if _has_tables(config.database_url) else None
    _make_room(config.database_url, now, is_allowed=replace)
    if files:
        _put_files_aside(config.files_dir, now, is_allowed=replace)
        files.rename(config.files_dir)
    if keys and keys_from:
        _make_room(config.keys_database_url, now, is_allowed=replace)
        restore_database(keys_from / keys.file, config.keys_database_url)
    restore_database(folder / manifest.file, config.database_url)
    upgrade_both(config)
    erased, result, found = _prove(config, manifest, checkpoints, now)
    _tell(manifest, result, erased, last, time.monotonic() - began)
    tell_files(found)
    if not result.is_intact or not found.is_intact:
        context.exit(1)


def _has_tables(url: str) -> bool:
    if is_sqlite(url) and not sqlite_path(url).exists():
        return False
    engine = create_engine_for(url)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _make_room(url: str, now: datetime, *, is_allowed: bool) -> None:
    """Nothing is overwritten: a file is put aside, tables of PostgreSQL are replaced only where that is asked for."""
    if not _has_tables(url):
        return
    if not is_allowed:
        raise DatabaseInUse(N_("There is a database already. Stop the server, then say --replace."))
    if is_sqlite(url):
        file = sqlite_path(url)
        for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            if part.exists():
                part.rename(part.with_name(f"before-restore-{now:%Y%m%dT%H%M%SZ}-{part.name}"))


def _put_files_aside(folder: Path, now: datetime, *, is_allowed: bool) -> None:
    if not folder.exists():
        return
    if not is_allowed:
        raise DatabaseInUse(N_("There are files of cases already. Stop the server, then say --replace."))
    folder.rename(folder.with_name(f"before-restore-{now:%Y%m%dT%H%M%SZ}-{folder.name}"))


def _last_event_at(config: Config) -> datetime | None:
    with session_on(config.database_url, config.keys_database_url) as session:
        return session.scalars(select(HistoryEvent.at).order_by(HistoryEvent.sequence.desc()).limit(1)).one_or_none()


def _prove(
    config: Config, manifest: Manifest, kept: Path | None, now: datetime
) -> tuple[int, VerifyResult, FilesResult]:
    """The history against the checkpoints kept outside and the backup's own; who was erased is erased again.

    Nothing leaves the restored copy (W62): it may be a second one, and the first has sent everything already.
    """
    text = "\n".join([kept.read_text(encoding="utf-8") if kept else "", manifest.checkpoint or ""])
    with writing(JOB_WAIT_SECONDS), session_on(config.database_url, config.keys_database_url) as session:
        result = verify_history(session, read_checkpoints(text))
        erased = replay_erasures(session, actor=SYSTEM, now=now)
        erase_again(session, erased, now=now)
        switch_outgoing(session, is_on=False, reason="a restored copy", actor=SYSTEM, now=now)
        files = verify_attachments(session, FileStore(config.files_dir))
        session.commit()
    return len(erased), result, files


def _tell(
    manifest: Manifest, result: VerifyResult, erased: int, last: datetime | None, seconds: float
) -> None:
    click.echo(_("Restored the copy of %(moment)s in %(seconds)s seconds.") % {
        "moment": f"{manifest.moment:%Y-%m-%d %H:%M:%S} UTC", "seconds": f"{seconds:.1f}",
    })
    if last is not None and manifest.last_event_at is not None:
        lost = last - datetime.fromisoformat(manifest.last_event_at)
        click.echo(_("Lost: what was done in the last %(time)s before the database was put aside.") % {"time": lost})
    click.echo(_("Persons erased (again): %(count)s") % {"count": erased})
    for finding in result.findings:
        click.echo(_("BROKEN: %(what)s") % {"what": _(finding.msgid) % finding.params}, err=True)
    click.echo(_("No mail, webhook or connector works until you say: aftercare outgoing on --reason …"))
    if result.is_intact:
        click.echo(_("%(events)s events; the history is intact.") % {"events": result.events})
