"""Files that people add to cases: checked, encrypted and kept outside the database under generated names."""

from pathlib import Path

from app.files.kinds import EXTENSIONS, FileKind, FileRefused, check_content, preview_kind
from app.files.names import clean_name
from app.files.sealing import FileDamaged
from app.files.store import FileMissing, FileStore, StoredFile, StoreFull

# Run as a program of its own and never imported: see there.
PREVIEW_PROGRAM = Path(__file__).with_name("preview_process.py")

__all__ = [
    "EXTENSIONS",
    "PREVIEW_PROGRAM",
    "FileDamaged",
    "FileKind",
    "FileMissing",
    "FileRefused",
    "FileStore",
    "StoreFull",
    "StoredFile",
    "check_content",
    "clean_name",
    "preview_kind",
]
