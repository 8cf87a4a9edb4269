"""Lists of people as uploaded: looked at first, then taken in."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.file_import import FileImport, FileImportRow


class UserImport(FileImport):
    """An uploaded list of people."""

    __tablename__ = "user_import"


class UserImportRow(FileImportRow):
    """A row of such a list; outcome: new, changed, same, bad, imported."""

    __tablename__ = "user_import_row"
    import_id: Mapped[str] = mapped_column(ForeignKey("user_import.id", ondelete="CASCADE"), primary_key=True)


def find_user_import(session: Session, import_id: str, user_id: str) -> UserImport | None:
    """An upload of this person, or None: it may name people of sites that others do not administer."""
    upload = session.get(UserImport, import_id)
    return upload if upload is not None and upload.uploaded_by == user_id else None
