"""A corrective or preventive measure in figures; its words (what, why, where, how) stay in the case."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Measure(Base):
    """A measure of a rectification, by its number in the list of the case (domain page 2.4).

    `state`: proposed, approved, done, verified, rejected (sent back by the general manager), cancelled.
    `effective_from` is the day from which reports compare: what the managers set, else the day it was verified.
    """

    __tablename__ = "measure"
    __table_args__ = (
        UniqueConstraint("instance_id", "number"),
        Index("ix_measure_site_state", "site_id", "state", "due_on"),
        Index("ix_measure_origin", "origin_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    number: Mapped[int] = mapped_column(Integer)  # 1 for the first of the case
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    origin_kind: Mapped[str] = mapped_column(String(12))  # report, complaint, pattern, proposal
    origin_id: Mapped[str | None] = mapped_column(String(32))  # the case it comes from
    kind: Mapped[str] = mapped_column(String(12))  # corrective, preventive
    problem_kind: Mapped[str | None] = mapped_column(String(20))
    cause_category: Mapped[str | None] = mapped_column(String(20))
    question_id: Mapped[str | None] = mapped_column(String(60))  # of a questionnaire, where one showed it
    department: Mapped[str | None] = mapped_column(String(60))
    responsible_id: Mapped[str] = mapped_column(String(64), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    effective_from: Mapped[date | None] = mapped_column(Date)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(64))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[str | None] = mapped_column(String(64))
