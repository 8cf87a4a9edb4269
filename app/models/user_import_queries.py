"""What the pages of lists of people show: an upload, its rows and how many of each outcome."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.preview_rows import ROWS_PER_PAGE, ShownRow, shown_row
from app.models.user_import import UserImport, UserImportRow


def find_user_import(session: Session, import_id: str, user_id: str) -> UserImport | None:
    """An upload of this person, or None: it may name people of sites that others do not administer."""
    upload = session.get(UserImport, import_id)
    return upload if upload is not None and upload.uploaded_by == user_id else None


def user_import_counts(session: Session, import_id: str) -> dict[str, int]:
    """How many rows of each outcome."""
    rows = session.execute(
        select(UserImportRow.outcome, func.count())
        .where(UserImportRow.import_id == import_id)
        .group_by(UserImportRow.outcome)
    )
    return dict(rows.all())


def rows_of_user_import(session: Session, import_id: str, outcome: str | None, after: int) -> list[ShownRow]:
    """A page of rows in the order of the file, behind line `after`; one more than a page tells that more follow."""
    wanted = select(UserImportRow).where(UserImportRow.import_id == import_id, UserImportRow.number > after)
    if outcome:
        wanted = wanted.where(UserImportRow.outcome == outcome)
    rows = session.scalars(wanted.order_by(UserImportRow.number).limit(ROWS_PER_PAGE + 1))
    return [shown_row(row) for row in rows]
