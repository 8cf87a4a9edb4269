"""Where the time of finished cases went: counted by hand here."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import durations
from app.models.durations import ElementTimes, durations_of
from tests.integration.operations.dealership import NOW, Dealership, later


def _times(session: Session, definition_id: str, *sites: str) -> dict[str, ElementTimes]:
    return {times.element_id: times for times in durations_of(session, definition_id, sites or ("main",)).elements}


def test_median_and_nine_of_ten_of_finished_cases(session: Session, dealership: Dealership) -> None:
    for hours in (1, 2, 3, 4, 10):
        case = dealership.start()
        dealership.complete(case, "check", "ada", now=later(hours=hours), verdict="end")
    dealership.start()  # still open: does not count
    found = durations_of(session, case.definition_id, ("main",))
    check = _times(session, case.definition_id)["check"]
    assert found.cases == 5
    assert (check.passes, check.cases, check.element_type) == (5, 5, "userTask")
    assert (check.median, check.nine_of_ten) == (timedelta(hours=3), timedelta(hours=10))
    assert found.elements[0].element_type == "startEvent"
    assert found.elements[0].median == timedelta()


def test_only_the_sites_asked_for(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    dealership.complete(case, "check", "ada", now=later(hours=1), verdict="end")
    assert durations_of(session, case.definition_id, ("outlet",)) == durations.Durations(0, ())
    assert durations_of(session, case.definition_id, ()).cases == 0


def test_only_the_latest(session: Session, dealership: Dealership, monkeypatch: pytest.MonkeyPatch) -> None:
    for hours in (1, 2, 3):
        case = dealership.start(now=NOW)
        dealership.complete(case, "check", "ada", now=later(hours=hours), verdict="end")
    monkeypatch.setattr(durations, "MOST_CASES", 2)
    found = durations_of(session, case.definition_id, ("main",))
    assert found.cases == 2
    check = {times.element_id: times for times in found.elements}["check"]
    assert check.median == timedelta(hours=2, minutes=30)
