"""The days of the follow-ups, as the seed's table gives them."""

from datetime import date

import pytest

from app.operations.follow_up_occasions import OCCASIONS, VisitDates, months_after
from app.operations.groups import DEFAULT_GROUPS

WINDOWS = {occasion.id: occasion.window for occasion in OCCASIONS}
DEALERSHIP = VisitDates(date(2026, 1, 31), date(2026, 1, 29), is_outlet=False)
OUTLET = VisitDates(date(2026, 1, 31), date(2026, 1, 29), is_outlet=True)
ASKED_EARLY, ASKED_LATE = (
    VisitDates(date(2026, 1, 31), None, is_outlet=False, asked_on=day) for day in (date(2026, 4, 8), date(2026, 5, 6))
)


@pytest.mark.parametrize(
    ("occasion", "dates", "first", "last"),
    [
        ("repair_3dc", DEALERSHIP, date(2026, 2, 3), date(2026, 2, 5)),
        ("new_car_7dc", DEALERSHIP, date(2026, 2, 7), date(2026, 2, 10)),
        ("new_car_7dc", OUTLET, date(2026, 2, 8), date(2026, 2, 8)),
        ("month", DEALERSHIP, date(2026, 2, 28), date(2026, 3, 7)),
        ("year", DEALERSHIP, date(2027, 1, 31), date(2027, 2, 14)),
        ("lost", ASKED_EARLY, date(2026, 4, 8), date(2026, 5, 8)),
        ("sampling", ASKED_EARLY, date(2026, 4, 8), date(2026, 4, 22)),
        ("quarter_new_car", ASKED_EARLY, date(2026, 4, 30), date(2026, 5, 14)),
        ("quarter_new_car", ASKED_LATE, date(2026, 5, 6), date(2026, 5, 20)),
        ("quarter_repair", ASKED_EARLY, date(2026, 4, 8), date(2026, 4, 22)),
    ],
)
def test_window(occasion: str, dates: VisitDates, first: date, last: date) -> None:
    assert WINDOWS[occasion](dates) == (first, last)


def test_a_month_after_the_last_of_december() -> None:
    assert months_after(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_occasions_are_unique_by_name_and_level() -> None:
    assert len({(occasion.id, occasion.level) for occasion in OCCASIONS}) == len(OCCASIONS)


def test_somebody_calls_at_each_level() -> None:
    groups = {group_id for group_id, _english, _chinese in DEFAULT_GROUPS}
    assert (
        {occasion.caller_group for occasion in OCCASIONS} == {"cr_advisor", "customer_service", "gm_office"} <= groups
    )
