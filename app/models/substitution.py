"""Who stands in for whom, and for how long."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Substitution(Base):
    """One person does another's work from `starts_at` until `ends_at`, the days' bounds in the principal's zone.

    `is_in_force` follows these two moments by a job: the rule of visibility asks it, which knows no time.
    """

    __tablename__ = "substitution"
    __table_args__ = (
        Index("ix_substitution_substitute", "substitute_id", "ends_at"),
        Index("ix_substitution_principal", "principal_id", "ends_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    principal_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    substitute_id: Mapped[str] = mapped_column(ForeignKey("user.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)  # earlier where somebody ended it
    is_in_force: Mapped[bool] = mapped_column(Boolean)
    includes_open: Mapped[bool] = mapped_column(Boolean)  # also what was open before it began
    reason: Mapped[str | None] = mapped_column(Text)
    named_by: Mapped[str] = mapped_column(String(64))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(64))


class SubstitutionProcess(Base):
    """The processes a substitution is for; one without any is for all of them."""

    __tablename__ = "substitution_process"
    substitution_id: Mapped[str] = mapped_column(ForeignKey("substitution.id", ondelete="CASCADE"), primary_key=True)
    process_key: Mapped[str] = mapped_column(String(100), primary_key=True)
