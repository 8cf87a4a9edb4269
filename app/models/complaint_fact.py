"""A complaint in figures: what reports count, without a word of what was said (that stays in the case)."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class ComplaintFact(Base):
    """One row a complaint, filled as it goes on by the service tasks of its diagram; a moment is null until it came.

    `outcome`: open, not_a_complaint, satisfied, handled_in_person, cancelled (the case was). `confirmed_at` is the
    word of the customer service manager, whether it was a complaint or not; `answered_at` the answer of the newest
    round.
    """

    __tablename__ = "complaint_fact"
    __table_args__ = (Index("ix_complaint_fact_site_received", "site_id", "received_at"),)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    customer_id: Mapped[str | None] = mapped_column(String(32), index=True)
    vehicle_id: Mapped[str | None] = mapped_column(String(32))
    visit_id: Mapped[str | None] = mapped_column(String(32))
    origin_id: Mapped[str | None] = mapped_column(String(32))  # the case it comes from: a follow-up
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[str] = mapped_column(String(20))  # call, counter, phone, letter, web, follow_up
    problem_kind: Mapped[str | None] = mapped_column(String(20))  # as in follow_up_result
    cause_category: Mapped[str | None] = mapped_column(String(20))  # people, machine, material, method, environment
    department: Mapped[str | None] = mapped_column(String(60))  # the group that is responsible
    responsible_party: Mapped[str | None] = mapped_column(String(200))
    remedy_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    rounds: Mapped[int] = mapped_column(Integer, default=1)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result_given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    customer_verdict: Mapped[str | None] = mapped_column(String(20))  # satisfied, not_satisfied
    needs_rectification: Mapped[bool] = mapped_column(Boolean, default=False)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20), default="open")
