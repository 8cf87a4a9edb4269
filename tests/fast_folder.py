"""Where the data of tests lie: in memory where there is room, because a disk makes every commit wait."""

import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - who makes files there takes names nobody else has
ROOM = 2 << 30  # bytes; a run needs some hundred megabytes at a time


def fast_folder() -> Path:
    """A folder that everybody may enter."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if has_room else Path(tempfile.gettempdir())
