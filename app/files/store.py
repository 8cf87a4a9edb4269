"""The folder of the files: encrypted, under generated names, written completely or not at all."""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.errors import AppError
from app.files.sealing import Fingerprint, seal, unseal
from app.i18n import N_

_NAME_BYTES = 16
_UNFINISHED = ".part"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class FileMissing(AppError):
    """There is no file of this name in the folder."""

    http_status = 500

    def __init__(self) -> None:
        super().__init__(N_("The stored file is missing. Tell your administrator: a backup may have it."))


class StoreFull(AppError):
    """The disk has no room for the file."""

    http_status = 507

    def __init__(self) -> None:
        super().__init__(N_("The disk of the server is full: the file was not added. Tell your administrator."))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the folder: its generated name, and size and SHA-256 of the content as it came."""

    name: str
    size: int
    sha256: str


class FileStore:
    """Encrypted files below `folder`; a file is never changed, only added and destroyed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, content: BinaryIO, key: bytes) -> StoredFile:
        """Encrypt and keep what `content` has to give; it outlives a power cut once this returns. Raises StoreFull."""
        name = secrets.token_hex(_NAME_BYTES)
        path = self.path_of(name)
        unfinished = path.with_name(name + _UNFINISHED)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fingerprint = self._write(unfinished, content, key, name)
            unfinished.rename(path)
            sync_folder(path.parent)
            sync_folder(self.folder)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            if error.errno in _NO_ROOM:
                raise StoreFull from error
            raise
        return StoredFile(name, fingerprint.size, fingerprint.sha256)

    def read(self, name: str, key: bytes) -> Iterator[bytes]:
        """The content piece by piece; raises FileMissing at once, FileDamaged while reading."""
        path = self.path_of(name)
        if not path.exists():
            raise FileMissing
        return _pieces(path, key, name)

    def fingerprint(self, name: str, key: bytes) -> Fingerprint:
        """Size and SHA-256 of the content, read anew. Raises FileMissing, FileDamaged."""
        return fingerfingerprintof(self.read(name, key))

    def destroy(self, names: Iterable[str]) -> None:
        """Remove files; one that is gone already is no error."""
        for name in names:
            self.path_of(name).unlink(missing_ok=True)
            self.path_of(name + _UNFINISHED).unlink(missing_ok=True)

    def names_before(self, moment: datetime) -> list[str]:
        """Names of all files last written before `moment`, those that were never finished too."""
        return sorted(
            path.name.removesuffix(_UNFINISHED)
            for path in self.folder.glob("??/*")
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
        )

    def path_of(self, name: str) -> Path:
        """Where a file lies; only generated names lead anywhere."""
        stem = name.removesuffix(_UNFINISHED)
        if len(stem) != 2 * _NAME_BYTES or not set(stem) <= set("0123456789abcdef"):
            raise FileMissing
        return self.folder / stem[:2] / name

    def _write(self, path: Path, content: BinaryIO, key: bytes, name: str) -> Fingerprint:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            fingerprint = seal(content, target, key, name)
            target.flush()
            os.fsync(target.fileno())
        return fingerprint


def fingerfingerprintof(pieces: Iterable[bytes]) -> Fingerprint:
    """Size and SHA-256 of what comes in pieces."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    return Fingerprint(size, digest.hexdigest())


def sync_folder(folder: Path) -> None:
    """Names that were added to a folder outlive a power cut from here on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pieces(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    """Opened when the first piece is asked for: who never asks leaves nothing open."""
    with path.open("rb") as file:
        yield from unseal(file, key, name)
