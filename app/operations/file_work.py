"""What jobs do with files, for which they hold no transaction: the edge gives the means, the outcome is plain JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class FileWork(Protocol):
    """Work on the files outside the database; made by the edge, which knows the folder, the keys and the settings."""

    def scan(self, attachment_id: str) -> Mapping[str, object]:
        """`verdict`: clean, infected (`threat` is its name), unavailable, unneeded (no scanner is set), or gone."""

    def preview(self, attachment_id: str) -> Mapping[str, object]:
        """`pages`: a list of stored pictures, the thumbnail first; empty where there can be none."""

    def destroy(self, names: Sequence[str]) -> None:
        """Remove stored files."""

    def names_before(self, moment: datetime) -> list[str]:
        """Stored files that were last written before `moment`."""
