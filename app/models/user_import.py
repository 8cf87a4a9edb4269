"""Lists of people as uploaded: looked at first, then taken in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class UserImport(Base):
    """An uploaded list of people."""

    __tablename__ = "user_import"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))  # preview, imported
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UserImportRow(Base):
    """One row of such a list: what the file said, what is wrong with it, what became of it."""

    __tablename__ = "user_import_row"
    import_id: Mapped[str] = mapped_column(ForeignKey("user_import.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # line of the file, header = 1
    content: Mapped[str] = mapped_column(Text)  # JSON: column of ours -> text
    problems: Mapped[str] = mapped_column(Text, default="[]")  # JSON list of [column, msgid, params]
    outcome: Mapped[str] = mapped_column(String(12))  # new, changed, same, bad, imported
