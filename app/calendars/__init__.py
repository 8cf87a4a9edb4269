"""Working time: which moments count, how long until so many of them have passed, and the holidays of China."""

from app.calendars.chinese import Holiday, HolidaysUnknown, chinese_holidays
from app.calendars.day_parts import DAY_PARTS
from app.calendars.working_calendar import BeyondCalendar, Stretch, UnusableHours, WorkingCalendar
from app.calendars.written_hours import read_hours, written_hours

__all__ = [
    "DAY_PARTS",
    "BeyondCalendar",
    "Holiday",
    "HolidaysUnknown",
    "Stretch",
    "UnusableHours",
    "WorkingCalendar",
    "chinese_holidays",
    "read_hours",
    "written_hours",
]
