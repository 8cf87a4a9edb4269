"""Monthly reports: the figures being checked, and those that were issued, frozen for good."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class ReportDraft(Base):
    """The figures that the CR advisor checks in a case; computed anew as often as wanted, until they are issued."""

    __tablename__ = "report_draft"
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-10
    content: Mapped[str] = mapped_column(Text)  # canonical JSON of a MonthlyReport
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IssuedReport(Base):
    """A report as the general manager got it. The database refuses every change; a corrected one has a new number."""

    __tablename__ = "issued_report"
    __table_args__ = (UniqueConstraint("site_id", "month", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-10
    number: Mapped[int] = mapped_column(Integer)  # 1, then one more each time it was asked back
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    content: Mapped[str] = mapped_column(Text)  # canonical JSON: figures and comments
    sha256: Mapped[str] = mapped_column(String(64))  # of the content's UTF-8
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(64))
