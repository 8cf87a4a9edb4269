"""What a backup says of itself: when and of what it was made, its fingerprint, and where the history stood."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.cli.database_copies import sha256_of
from app.errors import InvalidInput
from app.i18n import N_

FORMAT = "aftercare-backup-1"
MANIFEST = "manifest.json"


class BackupUnusable(InvalidInput):
    """The folder is no backup, or not the one that was made."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """store: main or keys. made_at: ISO 8601, UTC. checkpoint: the history's newest, as a line of a checkpoint file.

    files_sha256: of the list of the files' fingerprints; empty where the backup has no files.
    """

    store: str
    made_at: str
    release: str
    file: str
    sha256: str
    events: int = 0
    last_event_at: str | None = None
    checkpoint: str | None = None
    files: int = 0
    files_sha256: str = ""
    format: str = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path, store: str) -> Manifest:
    """The manifest of a backup of `store`, its file checked against the fingerprint. Raises BackupUnusable."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**content)
    except (OSError, ValueError, TypeError) as error:
        raise BackupUnusable(N_("%(folder)s is no backup: it has no readable manifest."), folder=folder) from error
    if manifest.format != FORMAT or manifest.store != store:
        raise BackupUnusable(N_("%(folder)s is no backup of this kind (%(store)s)."), folder=folder, store=store)
    file = folder / Path(manifest.file).name
    if not file.exists() or sha256_of(file) != manifest.sha256:
        raise BackupUnusable(N_("%(file)s is not the file that was backed up: use another copy."), file=file)
    return manifest
