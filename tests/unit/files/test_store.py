import errno
import hashlib
import io
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.files import FileDamaged, FileMissing, FileStore, StoreFull

KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_w45_a_file_has_a_generated_name_and_comes_back(store: FileStore) -> None:
    stored = store.add(io.BytesIO(b"content"), KEY)
    assert re.fullmatch(r"[0-9a-f]{32}", stored.name)
    assert (stored.size, stored.sha256) == (7, hashlib.sha256(b"content").hexdigest())
    assert b"".join(store.read(stored.name, KEY)) == b"content"
    assert store.fingerprint(stored.name, KEY).sha256 == stored.sha256
    (file,) = (path for path in store.folder.rglob("*") if path.is_file())
    assert file.name == stored.name
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 31, "0" * 33, "G" * 32, "0" * 30 + "/a"])
def test_w45_only_generated_names_lead_anywhere(store: FileStore, name: str) -> None:
    with pytest.raises(FileMissing):
        store.read(name, KEY)
    with pytest.raises(FileMissing):
        store.destroy([name])


def test_a_file_that_is_gone_is_said_at_once(store: FileStore) -> None:
    stored = store.add(io.BytesIO(b"content"), KEY)
    store.destroy([stored.name])
    store.destroy([stored.name])  # again: no error
    with pytest.raises(FileMissing):
        store.read(stored.name, KEY)


def test_a_changed_file_is_found_out(store: FileStore) -> None:
    stored = store.add(io.BytesIO(b"content"), KEY)
    path = store.path_of(stored.name)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(FileDamaged):
        store.fingerprint(stored.name, KEY)


class Breaking(io.BytesIO):
    """A sender whose line breaks, or a disk that is full."""

    def __init__(self, error: OSError) -> None:
        super().__init__(b"x" * 10)
        self.error = error

    def read(self, size: int | None = -1) -> bytes:
        raise self.error


def test_a_full_disk_leaves_nothing_behind(store: FileStore) -> None:
    with pytest.raises(StoreFull):
        store.add(Breaking(OSError(errno.ENOSPC, "no room")), KEY)
    with pytest.raises(ConnectionResetError):
        store.add(Breaking(ConnectionResetError()), KEY)
    assert not [path for path in store.folder.rglob("*") if path.is_file()]


def test_old_files_are_listed_unfinished_ones_too(store: FileStore) -> None:
    stored = store.add(io.BytesIO(b"content"), KEY)
    unfinished = store.path_of("ab" * 16 + ".part")
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half")
    now = datetime.now(UTC)
    assert store.names_before(now - timedelta(hours=1)) == []
    long_ago = (now - timedelta(days=2)).timestamp()
    for path in (store.path_of(stored.name), unfinished):
        os.utime(path, (long_ago, long_ago))
    assert store.names_before(now - timedelta(hours=1)) == sorted([stored.name, "ab" * 16])
    store.destroy(["ab" * 16])
    assert not unfinished.exists()
