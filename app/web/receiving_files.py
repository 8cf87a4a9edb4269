"""Files as they come in: checked, encrypted and stored while nobody waits for the database, then one short write."""

import os
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.errors import AppError
from app.extensions import db
from app.files import FileStore, check_content, clean_name
from app.operations.attachments import FileLimits, NewFile, add_attachment, prepare_to_receive
from app.web.current import current_actor, current_time
from app.web.transactions import write_transaction


@dataclass(frozen=True, slots=True)
class ReceivingFiles:
    """Where files go and how large they may be; `is_scanned_first` where a scanner is set."""

    store: FileStore
    limits: FileLimits
    is_scanned_first: bool

    def receive(self, upload: FileStorage, instance_id: str, user_task_id: str | None) -> str:
        """Make an uploaded file one of the case's, in a transaction of its own; returns its id.

        Raises what `prepare_to_receive` and `add_attachment` raise; then nothing is left of it.
        """
        stream, name = cast(BinaryIO, upload.stream), clean_name(upload.filename or "")
        size = stream.seek(0, os.SEEK_END)
        actor, now = current_actor(), current_time()
        receipt = prepare_to_receive(db.session(), instance_id, size, self.limits, actor=actor, now=now)
        db.session.rollback()  # nothing is held while the file is read and written
        kind = check_content(stream, name, size)
        stored = self.store.add(stream, receipt.key)
        file = NewFile(name, kind, stored, receipt.subject_id, self.is_scanned_first)
        try:
            with write_transaction():
                return add_attachment(
                    db.session(), instance_id, file, self.limits, user_task_id=user_task_id, actor=actor, now=now
                )
        except AppError:
            self.store.destroy([stored.name])
            raise


def receiving_files() -> ReceivingFiles:
    """Those of the application."""
    return cast(ReceivingFiles, current_app.extensions["files"])
