"""Clocks of the cases: how much working time something may take, and how much it took, pauses left out."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class CaseClock(Base):
    """One round of a clock that the diagram declares (aftercare:clock).

    Times are minutes of the site's working time. `number` counts the rounds of a case from 1: a complaint that is
    reopened is answered again. A breached round stays breached when it is stopped late.
    """

    __tablename__ = "case_clock"
    __table_args__ = (
        # What is watched: the rounds that run, by what happens to them next.
        Index(
            "ix_case_clock_due", "due_at",
            sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_case_clock_warn", "warn_at",
            sqlite_where=text("state = 'running' AND warned_at IS NULL"),
            postgresql_where=text("state = 'running' AND warned_at IS NULL"),
        ),
        Index("ix_case_clock_started", "site_id", "process_key", "clock_id", "started_at"),
    )  # fmt: skip
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    clock_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    execution_id: Mapped[str] = mapped_column(String(40))  # the process, or the called process, it runs in
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    process_key: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(10))  # running, paused, met, breached, withdrawn
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # moved by each pause
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the due date that was missed
    paused_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by its end or its withdrawal
    limit_minutes: Mapped[int] = mapped_column(Integer)
    used_minutes: Mapped[int | None] = mapped_column(Integer)  # once it was stopped by what it waits for
    escalate_groups: Mapped[str] = mapped_column(Text)  # told of a breach, separated by commas
    pause_groups: Mapped[str] = mapped_column(Text)  # may pause it, besides the owners of the process


class CaseClockPause(Base):
    """A pause of a round: while it lasts nothing warns and nothing is breached."""

    __tablename__ = "case_clock_pause"
    __table_args__ = (
        ForeignKeyConstraint(
            ["instance_id", "clock_id", "number"],
            ["case_clock.instance_id", "case_clock.clock_id", "case_clock.number"],
            name="fk_case_clock_pause_case_clock",
        ),
    )
    instance_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    clock_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    paused_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    paused_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # also when the round was stopped
    resumed_by: Mapped[str | None] = mapped_column(String(64))
