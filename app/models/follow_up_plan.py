"""The plan of follow-ups, the lists that customers are picked from, and what a site sets for both."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, Numeric, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class PlannedFollowUp(Base):
    """One follow-up to be made: unique by visit, occasion and level (domain page, section 2.1)."""

    __tablename__ = "planned_follow_up"
    __table_args__ = (
        UniqueConstraint("visit_id", "occasion", "level"),
        Index("ix_planned_follow_up_due", "site_id", "state", "planned_on"),
        Index("ix_planned_follow_up_latest", "site_id", "latest_on"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"), index=True)
    vehicle_id: Mapped[str] = mapped_column(ForeignKey("vehicle.id"))
    occasion: Mapped[str] = mapped_column(String(20))  # the ids of `operations.follow_up_occasions.OCCASIONS`
    level: Mapped[int] = mapped_column(Integer)
    first_on: Mapped[date] = mapped_column(Date)  # with latest_on the days on which it may be made
    planned_on: Mapped[date] = mapped_column(Date)
    latest_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))  # planned, started, closed, skipped
    skip_reason: Mapped[str | None] = mapped_column(String(40))  # no_consent, refused, do_not_contact, past, called_off
    skip_remark: Mapped[str | None] = mapped_column(Text)  # what was written by who called it off
    advisor_id: Mapped[str | None] = mapped_column(String(64))  # who is to call
    is_fixed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())  # spreading leaves it there
    list_id: Mapped[str | None] = mapped_column(ForeignKey("follow_up_list.id"), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)


class FollowUpSettings(Base):
    """What a site sets for its plan; without a row the defaults of `operations.follow_up_settings` hold."""

    __tablename__ = "follow_up_settings"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    most_calls_a_day: Mapped[int] = mapped_column(Integer)  # of one person
    lost_after_months: Mapped[int] = mapped_column(Integer)
    sample_size: Mapped[int] = mapped_column(Integer)  # second-level calls a month
    high_value_from: Mapped[Decimal] = mapped_column(Numeric(12, 2))  # yuan of a repair
    lists_due_day: Mapped[int] = mapped_column(Integer, server_default="10")  # of the month


class FollowUpList(Base):
    """A list of visits supplied for sampling; what is picked is planned when the list is confirmed (B2.四.3-4)."""

    __tablename__ = "follow_up_list"
    __table_args__ = (Index("ix_follow_up_list_site", "site_id", "first_day"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    occasion: Mapped[str] = mapped_column(String(20))  # sampling, quarter_new_car, quarter_repair
    first_day: Mapped[date] = mapped_column(Date)  # of the period its visits or calls are of
    last_day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))  # supplied, confirmed, withdrawn
    seed: Mapped[int | None] = mapped_column(Integer)  # of the last random pick: the same seed picks the same
    supplied_by: Mapped[str] = mapped_column(String(64))
    supplied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))  # who confirmed or withdrew it
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FollowUpListEntry(Base):
    """A visit on such a list."""

    __tablename__ = "follow_up_list_entry"
    list_id: Mapped[str] = mapped_column(ForeignKey("follow_up_list.id", ondelete="CASCADE"), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(String(12), default="")  # high_value, accident, vip or empty
    picked: Mapped[str] = mapped_column(String(10), default="")  # random, by_hand or empty
