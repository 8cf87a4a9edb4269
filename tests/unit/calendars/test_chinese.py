from datetime import date

import chinese_calendar
import pytest

from app.calendars import HolidaysUnknown, chinese_holidays
from app.calendars.chinese import NAMES


def test_national_day_of_2026_with_its_make_up_days() -> None:
    holidays = chinese_holidays(2026)
    assert not holidays[date(2026, 10, 1)].is_working
    assert holidays[date(2026, 10, 10)].is_working  # a Saturday
    assert holidays[date(2026, 9, 20)].is_working  # a Sunday
    assert holidays[date(2026, 10, 1)].name == "National Day"
    assert date(2026, 10, 9) not in holidays


@pytest.mark.parametrize("year", [1990, 2003, 2200])
def test_unknown_year_is_refused(year: int) -> None:
    with pytest.raises(HolidaysUnknown, match=str(year)):
        chinese_holidays(year)


def test_every_name_can_be_translated() -> None:
    assert {holiday.value for holiday in chinese_calendar.Holiday} == set(NAMES)
