"""Uploaded files: their rows are kept for a preview, and taken in once."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models.file_import import FileImport, FileImportRow
from app.operations.actor import Actor
from app.spreadsheets import FileRow, Problem, UploadedTable, problems_json

Upload = TypeVar("Upload", bound=FileImport)
Row = TypeVar("Row", bound=FileImportRow)


class FileAlreadyImported(Conflict):
    """The import was confirmed before; its rows are in."""


def keep_upload(session: Session, upload: FileImport, uploaded: UploadedTable, *, actor: Actor, now: datetime) -> None:
    """Note which file it was, from whom and when; nothing of it is taken in yet."""
    upload.id = new_id()
    upload.file_name, upload.sha256 = uploaded.file_name[-200:], uploaded.sha256
    upload.state, upload.uploaded_by, upload.uploaded_at = "preview", actor.user_id, now
    session.add(upload)
    session.flush()


def new_row(table: type[Row], upload: FileImport, row: FileRow, outcome: str, problems: Iterable[Problem]) -> Row:
    """A row for the preview."""
    return table(
        import_id=upload.id,
        number=row.number,
        content=json.dumps(row.texts, ensure_ascii=False),
        problems=problems_json(problems),
        outcome=outcome,
    )


def locked_upload(session: Session, table: type[Upload], import_id: str, *conditions: ColumnElement[bool]) -> Upload:
    """An upload that is about to be taken in. Raises NotFound (of other conditions, too), FileAlreadyImported."""
    upload = session.scalars(select(table).where(table.id == import_id, *conditions).with_for_update()).first()
    if upload is None:
        raise NotFound(N_("This import does not exist."))
    if upload.state != "preview":
        raise FileAlreadyImported(N_("This file has been imported already."))
    return upload


def stored_rows(session: Session, table: type[Row], upload: FileImport) -> Sequence[Row]:
    """All rows of an upload, in the order of the file."""
    return session.scalars(select(table).where(table.import_id == upload.id).order_by(table.number)).all()
