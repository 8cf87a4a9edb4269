"""Tables that people upload: the file as it was posted, and the page of its preview that was asked for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import request, url_for

from app.errors import InvalidInput
from app.extensions import db
from app.i18n import N_
from app.models.file_import import FileImportRow
from app.models.file_import_queries import ROWS_PER_PAGE, ShownRow, shown_rows
from app.spreadsheets import UploadedTable
from app.web.rate_limits import within_limit


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """Some of the rows; `outcome` is the one that alone is shown."""

    rows: Sequence[ShownRow]
    outcome: str | None
    more_url: str


def posted_table(read: Callable[[bytes, str], UploadedTable]) -> UploadedTable:
    """The table that was posted. Arguments: read, which takes the content and the name of the file.

    Raises InvalidInput where no file was chosen, what `read` raises, and TooManyAttempts.
    """
    within_limit("upload")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput(N_("Choose a file first."))
    return read(file.read(), file.filename)


def preview_page(table: type[FileImportRow], import_id: str, outcomes: Collection[str]) -> PreviewPage:
    """The page of an upload's rows that was asked for, and the address of the next at the blueprint that is asked."""
    asked = request.args.get("outcome")
    outcome = asked if asked in outcomes else None
    rows = shown_rows(db.session(), table, import_id, outcome, request.args.get("after", 0, type=int))
    more_url = ""
    if len(rows) > ROWS_PER_PAGE:
        more_url = url_for(".show", import_id=import_id, outcome=outcome, after=rows[ROWS_PER_PAGE - 1].number)
    return PreviewPage(rows[:ROWS_PER_PAGE], outcome, more_url)
