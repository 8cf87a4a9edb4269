"""`aftercare backup`"""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.backup_manifest import Manifest
from app.cli.database_copies import copy_database, is_sqlite, make_whole, sha256_of, sync
from app.cli.file_copies import CopiedFiles, copy_files
from app.cli.frame import session_on, settings
from app.cli.language import _
from app.clock import real_clock
from app.config import Config
from app.errors import AppError
from app.i18n import N_
from app.models import HistoryEvent
from app.operations.history_checkpoints import newest_checkpoint
from app.operations.history_verification import verify_history

FOLDER = click.Path(file_okay=False, path_type=Path)


class HistoryBroken(AppError):
    """The history of the copy is not as it was recorded."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the history of a copy holds, after all of it was read and found intact."""

    events: int
    last_event_at: datetime | None
    checkpoint: str | None


@click.command(help=_("Copy database and files while people work, and prove the copy. The keys are copied apart."))
@click.argument("folder", type=FOLDER)
@click.option(
    "--keys-to", type=FOLDER, help=_("Where the keys go: another place than FOLDER, or erasing means nothing.")
)
def backup(folder: Path, keys_to: Path | None) -> None:
    """Make a folder of this moment inside FOLDER; exits with status 1 when the copy's history does not verify."""
    config, now = settings(), real_clock()
    if keys_to is not None:
        if keys_to.absolute() == folder.absolute():
            raise click.UsageError(_("Put the keys into another folder than the database."))
        click.echo(_("Keys: %(folder)s") % {"folder": backup_keys(config, keys_to, now)})
    made, manifest = backup_main(config, folder, now)
    click.echo(_("Backup: %(folder)s") % {"folder": made})
    click.echo(_("%(events)s events; the history of the copy is intact.") % {"events": manifest.events})
    click.echo(_("%(files)s files of cases; all are as they were added.") % {"files": manifest.files})
    if manifest.checkpoint:
        click.echo(_("Keep this checkpoint in a third place:"))
        click.echo(manifest.checkpoint)
    if keys_to is None:
        click.echo(_("The keys are not in it: copy them to another place with --keys-to."), err=True)


def backup_main(config: Config, folder: Path, now: datetime) -> tuple[Path, Manifest]:
    """A proven copy of the main database: its folder and manifest. Raises CopyFailed, HistoryBroken."""
    made = _new_folder(folder, "aftercare", now)
    copy = _sqlite_copy if is_sqlite(config.database_url) else _postgres_copy
    file, proof, files = copy(config, made)
    last = proof.last_event_at.isoformat() if proof.last_event_at else None
    manifest = Manifest(
        "main", now.isoformat(), version("aftercare"), file.name, sha256_of(file), proof.events, last, proof.checkpoint,
        files.count, files.sha256,
    )
    _finish(made, manifest)
    return made, manifest


def backup_keys(config: Config, folder: Path, now: datetime) -> Path:
    """A copy of the key store, to be kept apart from the data that it opens. Raises CopyFailed."""
    made = _new_folder(folder, "aftercare-keys", now)
    file = copy_database(config.keys_database_url, made)
    _finish(made, Manifest("keys", now.isoformat(), version("aftercare"), file.name, sha256_of(file)))
    return made


def _new_folder(folder: Path, name: str, now: datetime) -> Path:
    made = folder / f"{name}-{now:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made.mkdir(mode=0o700)
    except FileExistsError as error:
        raise AppError(N_("%(folder)s exists already. Wait a second and try again."), folder=made) from error
    return made


def _finish(made: Path, manifest: Manifest) -> None:
    manifest.write(made)
    sync(made)
    sync(made.parent)


def _sqlite_copy(config: Config, made: Path) -> tuple[Path, Proof, CopiedFiles]:
    """Copied first and proven afterwards: what is proven is the file itself."""
    file = copy_database(config.database_url, made)
    with session_on(f"sqlite:///{file}", config.keys_database_url) as session:
        proof = _proof(session)
        with session_on(config.database_url, config.keys_database_url) as live:
            files = copy_files(session, live, config.files_dir, made)
    make_whole(file)
    return file, proof, files


def _postgres_copy(config: Config, made: Path) -> tuple[Path, Proof, CopiedFiles]:
    """One moment is held still: pg_dump copies it, and its history is read here."""
    with session_on(config.database_url, config.keys_database_url) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        snapshot = session.scalar(select(func.pg_export_snapshot()))
        file = copy_database(config.database_url, made, snapshot)
        proof = _proof(session)
        with session_on(config.database_url, config.keys_database_url) as live:
            files = copy_files(session, live, config.files_dir, made)
    return file, proof, files


def _proof(session: Session) -> Proof:
    result = verify_history(session)
    if not result.is_intact:
        first = result.findings[0]
        detail = _(first.msgid) % first.params
        raise HistoryBroken(N_("The history of the copy is broken: %(detail)s"), detail=detail)
    last = session.scalars(select(HistoryEvent.at).order_by(HistoryEvent.sequence.desc()).limit(1)).one_or_none()
    newest = newest_checkpoint(session)
    return Proof(result.events, last, newest.line if newest else None)
