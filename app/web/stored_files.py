"""Stored files as answers: streamed, never run or shown by the browser as a page of ours (W47)."""

from collections.abc import Iterator

from flask import Response

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.operations.subject_keys import subject_keys
from app.web.downloads import disposition
from app.web.receiving_files import receiving_files

# In addition to the policy of every answer: whatever this is, it is no document that may run or send anything.
SANDBOX = "sandbox; default-src 'none'"


class ContentErased(NotFound):
    """The key of the person a file is about was destroyed."""


def stored_content(stored_name: str, subject_id: str) -> Iterator[bytes]:
    """The content of a stored file; raises ContentErased, FileMissing."""
    key = subject_keys(db.session()).keys_of([subject_id]).get(subject_id)
    if key is None:
        raise ContentErased(N_("The content of this file was erased with the person's data."))
    return receiving_files().store.read(stored_name, key)


def file_answer(content: Iterator[bytes], media_type: str, size: int, name: str | None = None) -> Response:
    """An answer with a stored file: to be saved under `name`, or shown as a picture where there is none."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Content-Disposition"] = "inline" if name is None else disposition(name)
    return answer
