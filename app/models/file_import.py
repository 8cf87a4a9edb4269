"""What the tables of imported files have in common: the file as it was uploaded, and its rows."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class FileImport(Base):
    """An uploaded file; its rows stay readable after the import."""

    __abstract__ = True
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))  # preview, imported, taken_back
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FileImportRow(Base):
    """One row of such a file: what the file said, what is wrong with it, what became of it."""

    __abstract__ = True
    import_id: Mapped[str]
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # line of the file, header = 1
    content: Mapped[str] = mapped_column(Text)  # JSON: column of ours -> text
    problems: Mapped[str] = mapped_column(Text, default="[]")  # JSON list of [column, msgid, params]
    outcome: Mapped[str] = mapped_column(String(12))
