"""Copies of a database while others work on it: SQLite by its own backup, PostgreSQL by pg_dump."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from app.errors import AppError
from app.i18n import N_

_BLOCK = 1 << 20
SQLITE_COPY, POSTGRES_COPY = "database.sqlite3", "database.pgdump"


class CopyFailed(AppError):
    """A program of the database could not do its work."""


def is_sqlite(url: str) -> bool:
    """Whether the database is a file."""
    return make_url(url).get_backend_name() == "sqlite"


def sqlite_path(url: str) -> Path:
    """The file of an SQLite database."""
    return Path(make_url(url).database or "")


def copy_database(url: str, folder: Path, snapshot: str | None = None) -> Path:
    """A consistent copy of the database at `url` in a new file of `folder`, readable for its owner only.

    Arguments: snapshot, of PostgreSQL: the exported moment to copy. Raises CopyFailed.
    """
    file = folder / (SQLITE_COPY if is_sqlite(url) else POSTGRES_COPY)
    file.touch(mode=0o600)
    if is_sqlite(url):
        with closing(sqlite3.connect(sqlite_path(url))) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
        make_whole(file)
    else:
        chosen = [f"--snapshot={snapshot}"] if snapshot else []
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", *chosen)
    sync(file)
    return file


def make_whole(file: Path) -> None:
    """Put all of an SQLite database into its one file, with no log beside it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    sync(file)


def restore_database(file: Path, url: str) -> None:
    """Put a copy in the place of the database at `url`; all of it or nothing. Raises CopyFailed."""
    if not is_sqlite(url):
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run("pg_restore", url, *options, str(file))
        return
    target = sqlite_path(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(file, beside)
    beside.chmod(0o600)
    sync(beside)
    for left_over in (Path(f"{target}-wal"), Path(f"{target}-shm")):
        left_over.unlink(missing_ok=True)
    beside.replace(target)
    sync(target.parent)


def sha256_of(file: Path) -> str:
    """The fingerprint of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """What was written to a file or folder outlives a power cut from here on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _run(program: str, url: str, *arguments: str) -> None:
    """A program of PostgreSQL; the password goes by the environment, where other accounts cannot read it."""
    address = make_url(url).set(drivername="postgresql")
    place = address.set(password=None).render_as_string(hide_password=False)
    environment = {**os.environ, "PGPASSWORD": address.password or ""}
    found = shutil.which(program)
    if found is None:
        raise CopyFailed(N_("%(program)s is needed: install the client programs of PostgreSQL."), program=program)
    command = [found, f"--dbname={place}", *arguments]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if answer.returncode != 0:
        raise CopyFailed(N_("%(program)s failed: %(text)s"), program=program, text=answer.stderr.strip())
