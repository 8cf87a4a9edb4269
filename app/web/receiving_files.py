"""Files as they come in: checked, encrypted and stored while nobody waits for the database, then one short write."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.errors import AppError
from app.extensions import db
from app.files import FileStore, check_content, clean_name
from app.operations.attachments import FileLimits, NewFile, Receipt, add_attachment, prepare_to_receive
from app.operations.vehicle_papers import add_paper, prepare_to_receive_paper
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
        actor, now = current_actor(), current_time()
        size = _size_of(upload)
        receipt = prepare_to_receive(db.session(), instance_id, size, self.limits, actor=actor, now=now)
        return self._keep(
            upload,
            receipt,
            lambda file: add_attachment(
                db.session(), instance_id, file, self.limits, user_task_id=user_task_id, actor=actor, now=now
            ),
        )

    def receive_paper(self, upload: FileStorage, vehicle_id: str, paper: str) -> str:
        """The same for a paper of a vehicle's file; raises what `add_paper` raises."""
        actor, now = current_actor(), current_time()
        size = _size_of(upload)
        receipt = prepare_to_receive_paper(db.session(), vehicle_id, size, self.limits, actor=actor, now=now)
        return self._keep(
            upload,
            receipt,
            lambda file: add_paper(db.session(), vehicle_id, paper, file, self.limits, actor=actor, now=now),
        )

    def _keep(self, upload: FileStorage, receipt: Receipt, add: Callable[[NewFile], str]) -> str:
        db.session.rollback()  # nothing is held while the file is read and written
        stream, name = cast(BinaryIO, upload.stream), clean_name(upload.filename or "")
        kind = check_content(stream, name, _size_of(upload))
        stored = self.store.add(stream, receipt.key)
        file = NewFile(name, kind, stored, receipt.subject_id, self.is_scanned_first)
        try:
            with write_transaction():
                return add(file)
        except AppError:
            self.store.destroy([stored.name])
            raise


def _size_of(upload: FileStorage) -> int:
    return cast(BinaryIO, upload.stream).seek(0, os.SEEK_END)


def receiving_files() -> ReceivingFiles:
    """Those of the application."""
    return cast(ReceivingFiles, current_app.extensions["files"])
