"""The folder of the files as jobs use it: read with the keys, scanned, previewed, destroyed."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.files import FileMissing, FileStore, preview_kind
from app.models import Attachment
from app.operations.attachments import GONE
from app.operations.subject_keys import subject_keys
from app.operations.surroundings import Surroundings, surroundings_of
from app.worker.documents import picture_of
from app.worker.previews import make_previews
from app.worker.scanners import scan

_GONE: Mapping[str, object] = {"verdict": "gone", "pages": []}


class FileJobs:
    """Work on stored files, each with a short reading session of its own. Arguments: scanner, empty where none is."""

    def __init__(self, sessions: sessionmaker[Session], store: FileStore, scanner: str = "") -> None:
        self._sessions, self._store, self._scanner = sessions, store, scanner

    def scan(self, attachment_id: str) -> Mapping[str, object]:
        """See `FileWork.scan`."""
        if not self._scanner:
            return {"verdict": "unneeded"}
        found = self._open(attachment_id)
        if found is None:
            return _GONE
        verdict = scan(self._scanner, found[1])
        return {"verdict": verdict.kind, "threat": verdict.threat}

    def preview(self, attachment_id: str) -> Mapping[str, object]:
        """See `FileWork.preview`."""
        found = self._open(attachment_id)
        kind = preview_kind(found[0].media_type) if found else None
        if found is None or kind is None:
            return _GONE
        _attachment, pieces, key = found
        pages = []
        for number, picture in enumerate(make_previews(b"".join(pieces), kind)):
            stored = self._store.add(io.BytesIO(picture.content), key)
            pages.append({
                "page": number, "stored_name": stored.name, "media_type": picture.media_type, "size": stored.size,
                "width": picture.width, "height": picture.height,
            })  # fmt: skip
        return {"pages": pages}

    def destroy(self, names: Sequence[str]) -> None:
        """See `FileWork.destroy`."""
        self._store.destroy(names)

    def names_before(self, moment: datetime) -> list[str]:
        """See `FileWork.names_before`."""
        return self._store.names_before(moment)

    def _open(self, attachment_id: str) -> tuple[Attachment, Iterator[bytes], bytes] | None:
        """The row, the content and its key; None where the file or the key has gone: then nothing is to be done."""
        with self._sessions() as session:
            attachment = session.get(Attachment, attachment_id)
            if attachment is None or attachment.state in GONE:
                return None
            key = subject_keys(session).keys_of([attachment.subject_id]).get(attachment.subject_id)
        if key is None:
            return None
        try:
            return attachment, self._store.read(attachment.stored_name, key), key
        except FileMissing:
            return None


def job_surroundings(config: Config, sessions: sessionmaker[Session]) -> Surroundings:
    """What the settings let jobs use, files and pictures included."""
    files = FileJobs(sessions, FileStore(config.files_dir), config.scanner)
    return replace(surroundings_of(config), files=files, picture_of=picture_of)
