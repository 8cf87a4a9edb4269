"""Working time of a site: weekly hours and the days that differ (holidays, make-up days)."""

from datetime import date, time

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class WorkingHours(Base):
    """One stretch of working time on a weekday (0 = Monday)."""

    __tablename__ = "working_hours"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(Integer, primary_key=True)
    begins: Mapped[time] = mapped_column(Time, primary_key=True)
    ends: Mapped[time] = mapped_column(Time)


class CalendarDay(Base):
    """A day that is not as its weekday says."""

    __tablename__ = "calendar_day"
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    is_working: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(60), default="")
