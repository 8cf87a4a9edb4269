"""Copies of the files of cases, encrypted as they are, beside the copy of the database that knows them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.backup_manifest import BackupUnusable
from app.cli.database_copies import sha256_of, sync
from app.errors import AppError
from app.files import FileStore
from app.i18n import N_
from app.models import Attachment, AttachmentPreview
from app.operations.attachment_verification import FilesResult, verify_attachments
from app.operations.attachments import GONE

FOLDER, LIST = "files", "files.sha256"


class FilesBroken(AppError):
    """A file of a case cannot be copied as it was added."""


@dataclass(frozen=True, slots=True)
class CopiedFiles:
    """How many files, and the fingerprint of the list of their fingerprints."""

    count: int
    sha256: str


def copy_files(session: Session, live: Session, source: Path, made: Path) -> CopiedFiles:
    """Copy all files that a copied database knows into the folder `made`, and prove them.

    The database was copied first: what was added since is in neither, what was removed since is in `live` as removed.

    Arguments: session, on the copy of the database; live, on the database as it is now. Raises FilesBroken.
    """
    store, copy = FileStore(source), FileStore(made / FOLDER)
    copy.folder.mkdir(mode=0o700)
    lines = []
    for name in _names(session):
        file = copy.path_of(name)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            shutil.copyfile(store.path_of(name), file)
        except FileNotFoundError:
            continue  # removed since, or missing: the proof below tells which
        file.chmod(0o600)
        sync(file)
        lines.append(f"{sha256_of(file)}  {name}\n")
    for folder in (*copy.folder.iterdir(), copy.folder):
        sync(folder)
    _refuse_broken(verify_attachments(session, copy), live)
    listed = made / LIST
    listed.write_text("".join(lines), encoding="ascii")
    sync(listed)
    return CopiedFiles(len(lines), sha256_of(listed))


def bring_files(made: Path, sha256: str, target: Path) -> Path:
    """Copy the files of a backup beside the folder `target`, each held against the list; returns where they are.

    Arguments: sha256, of the list, as the manifest has it. Raises BackupUnusable; what is in `target` stays.
    """
    listed = made / LIST
    if not listed.exists() or sha256_of(listed) != sha256:
        raise BackupUnusable(N_("%(file)s is not the file that was backed up: use another copy."), file=listed)
    source, beside = FileStore(made / FOLDER), FileStore(target.with_name(f"{target.name}.restoring"))
    shutil.rmtree(beside.folder, ignore_errors=True)
    beside.folder.mkdir(mode=0o700, parents=True)
    text = N_("%(file)s is not the file that was backed up: use another copy.")
    for line in listed.read_text(encoding="ascii").splitlines():
        fingerprint, name = line.split("  ")
        file = beside.path_of(name)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if source.path_of(name).exists():
            shutil.copyfile(source.path_of(name), file)
        if not file.exists() or sha256_of(file) != fingerprint:
            raise BackupUnusable(text, file=source.path_of(name))
        file.chmod(0o600)
        sync(file)
    for folder in (*beside.folder.iterdir(), beside.folder):
        sync(folder)
    return beside.folder


def _names(session: Session) -> Iterator[str]:
    yield from session.scalars(select(Attachment.stored_name).where(Attachment.state.not_in(GONE)))
    yield from session.scalars(select(AttachmentPreview.stored_name))


def _refuse_broken(result: FilesResult, live: Session) -> None:
    for found in result.findings:
        now = live.get(Attachment, found.params["attachment"])
        if found.code != "file_missing" or now is None or now.state not in GONE:
            raise FilesBroken(found.msgid, **found.params)
