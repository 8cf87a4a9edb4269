"""What came of follow-ups, as reports count it: ids, kinds, figures and times; texts of customers stay in the case."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

REACHED, NOT_REACHED, UNREACHABLE, REFUSED = "reached", "not_reached", "unreachable", "refused"
RESULTS = (REACHED, NOT_REACHED, UNREACHABLE, REFUSED)
# Satisfaction on the whole, as the form words it and the figure it is counted as.
SATISFACTION = {"satisfied": 3, "acceptable": 2, "dissatisfied": 1}
SATISFIED = SATISFACTION["satisfied"]


class FollowUpResult(Base):
    """One follow-up that was made or given up; written when it is closed, changed by corrections only."""

    __tablename__ = "follow_up_result"
    __table_args__ = (
        Index("ix_follow_up_result_planned", "site_id", "planned_on"),
        Index("ix_follow_up_result_closed", "site_id", "closed_at"),
    )
    planned_follow_up_id: Mapped[str] = mapped_column(ForeignKey("planned_follow_up.id"), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"), index=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    customer_id: Mapped[str] = mapped_column(String(32), index=True)
    vehicle_id: Mapped[str] = mapped_column(String(32), index=True)
    visit_id: Mapped[str | None] = mapped_column(String(32))
    occasion: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(Integer)
    planned_on: Mapped[date] = mapped_column(Date)
    latest_on: Mapped[date] = mapped_column(Date)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(String(12))  # of RESULTS
    attempts: Mapped[int] = mapped_column(Integer)
    caller_id: Mapped[str | None] = mapped_column(String(64))
    service_advisor: Mapped[str] = mapped_column(String(120), default="")  # as the visit names the person
    spoken_to: Mapped[str | None] = mapped_column(String(12))  # sent_in, owner, other
    satisfaction: Mapped[int | None] = mapped_column(Integer)  # 3 satisfied, 2 acceptable, 1 dissatisfied
    complaint_level: Mapped[str | None] = mapped_column(String(8))  # none, minor, major
    problem_kind: Mapped[str | None] = mapped_column(String(20))  # of questionnaire.PROBLEM_KINDS
    has_suggestion: Mapped[bool] = mapped_column(Boolean, default=False)
    questionnaire_version_id: Mapped[str | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FollowUpAnswer(Base):
    """One answer; a question that was left out has no row."""

    __tablename__ = "follow_up_answer"
    __table_args__ = (Index("ix_follow_up_answer_question", "question_id"),)
    planned_follow_up_id: Mapped[str] = mapped_column(
        ForeignKey("follow_up_result.planned_follow_up_id"), primary_key=True
    )
    question_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    answer: Mapped[str | None] = mapped_column(String(12))  # yes, no, not_answered; None for a score
    score: Mapped[int | None] = mapped_column(Integer)
    is_good: Mapped[bool | None] = mapped_column(Boolean)


class FollowUpAttempt(Base):
    """One call of a follow-up; written when that is closed."""

    __tablename__ = "follow_up_attempt"
    planned_follow_up_id: Mapped[str] = mapped_column(
        ForeignKey("follow_up_result.planned_follow_up_id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # from 1
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day_part: Mapped[str] = mapped_column(String(12))  # of calendars.DAY_PARTS, on the clocks of the site then
    outcome: Mapped[str] = mapped_column(String(12))  # reached, inconvenient, no_answer, wrong_number, refuses
    is_repeated: Mapped[bool] = mapped_column(Boolean)  # nobody had answered in that part of the day before
