"""A file beside the data that may be deleted when the disk is full: people work on while room is made."""

import shutil
from pathlib import Path

NAME = "delete-me-when-the-disk-is-full"
SIZE = 16 * 1024 * 1024  # bytes: some hundred steps of cases, and the log that SQLite writes ahead
LEFT_FREE = 2 * SIZE


def keep_reserve(folder: Path) -> None:
    """Make the file where it is missing; not on a disk that has hardly room left."""
    path = folder / NAME
    if path.exists() or shutil.disk_usage(folder).free < SIZE + LEFT_FREE:
        return
    with path.open("wb") as file:
        file.write(bytes(SIZE))  # not a hole: it is to take the room
