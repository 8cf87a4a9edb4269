"""The plan is spread by itself, changed by hand within what was promised, and spread anew as it was shown."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed, NotFound
from app.models import Customer, Job, PlannedFollowUp, Site, Substitution
from app.models.follow_up_plan_list import PlanFilter, plan_page
from app.operations.customer_wishes import set_do_not_contact
from app.operations.customers import record_consent
from app.operations.follow_up_changes import (
    CallerCannot,
    Change,
    FollowUpNotPlanned,
    OutsideWindow,
    call_off_follow_ups,
    move_follow_ups,
    plan_again,
)
from app.operations.follow_up_leaving import leave_plan
from app.operations.follow_up_respreading import PlanChanged, PlanPart, look_at_spreading, spread_again
from app.operations.follow_up_settings import PlanSettings, change_plan_settings, plan_settings
from app.operations.follow_up_starts import start_follow_up
from app.operations.history import customer_stream
from app.operations.history_reading import read_events
from tests.integration.follow_ups.conftest import BAI, LU, NOW, SONG, NewVisit, planned

TUESDAY = date(2026, 5, 19)  # visits of two days ago may be called until Thursday
THURSDAY, FRIDAY = TUESDAY + timedelta(days=2), TUESDAY + timedelta(days=3)
WEEK = PlanPart("main", 1, TUESDAY, FRIDAY)


def places(follow_ups: list[PlannedFollowUp]) -> Counter[tuple[date, str | None]]:
    return Counter((one.planned_on, one.advisor_id) for one in follow_ups)


def away(session: Session, who: str) -> None:
    """Away all Tuesday."""
    begin = NOW + timedelta(hours=14)
    session.add(
        Substitution(
            id="away", principal_id=who, substitute_id="song", first_day=TUESDAY, last_day=TUESDAY, starts_at=begin,
            ends_at=begin + timedelta(days=1), is_in_force=False, includes_open=True, named_by=who, named_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def test_calls_are_spread_over_days_and_callers(session: Session, site: Site, new_visit: NewVisit) -> None:
    away(session, "lin")
    calls = planned(session, site, *(new_visit(number) for number in range(10)))
    assert [(one.first_on, one.latest_on) for one in calls[:1]] == [(TUESDAY, THURSDAY)]
    by_place = places(calls)
    assert by_place == {
        (TUESDAY, "bai"): 2, (TUESDAY + timedelta(days=1), "bai"): 2, (TUESDAY + timedelta(days=1), "lin"): 2,
        (THURSDAY, "bai"): 2, (THURSDAY, "lin"): 2,
    }  # fmt: skip


def test_moved_within_the_window_with_a_reason_and_stays_there(
    session: Session, site: Site, new_visit: NewVisit
) -> None:
    calls = planned(session, site, *(new_visit(number) for number in range(2)))
    ids = [one.id for one in calls]
    before = session.scalar(select(func.count()).select_from(Job))
    moved = move_follow_ups(session, "main", ids, Change(THURSDAY, "lin"), reason="培训", actor=BAI, now=NOW)
    assert (moved, places(calls)) == (2, {(THURSDAY, "lin"): 2})
    assert session.scalar(select(func.count()).select_from(Job)) == (before or 0) + 2
    event = read_events(session, customer_stream(calls[0].customer_id))[-1]
    assert (event.type, event.reason, event.actor_id) == ("follow_up_moved", "培训", "bai")
    assert start_follow_up(session, ids[0], now=NOW + timedelta(days=1)) is None  # the job of the day it was moved from
    assert not look_at_spreading(session, WEEK, now=NOW).moves
    assert look_at_spreading(session, WEEK, now=NOW).fixed == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Change(FRIDAY), OutsideWindow),
        (Change(date(2026, 5, 17)), OutsideWindow),
        (Change(TUESDAY, "lin"), CallerCannot),
        (Change(None, "song"), CallerCannot),
        (Change(), InvalidInput),
    ],
)
def test_refused_with_the_reason_and_nothing_moved(
    session: Session, site: Site, new_visit: NewVisit, change: Change, error: type[Exception]
) -> None:
    away(session, "lin")
    calls = planned(session, site, new_visit(1))
    before = places(calls)
    with pytest.raises(error):
        move_follow_ups(session, "main", [calls[0].id], change, reason="x", actor=BAI, now=NOW)
    assert places(calls) == before


def test_only_callers_of_the_level_and_leaders_of_the_site_change_the_plan(
    session: Session, site: Site, new_visit: NewVisit
) -> None:
    (call,) = planned(session, site, new_visit(1))
    with pytest.raises(NotAllowed):
        call_off_follow_ups(session, "main", [call.id], reason="x", actor=SONG, now=NOW)
    with pytest.raises(NotFound):
        call_off_follow_ups(session, "east", [call.id], reason="x", actor=LU, now=NOW)
    with pytest.raises(InvalidInput):
        call_off_follow_ups(session, "main", [call.id], reason=" ", actor=LU, now=NOW)
    call_off_follow_ups(session, "main", [call.id], reason="客户已回访", actor=LU, now=NOW)
    assert (call.state, call.skip_reason, call.skip_remark) == ("skipped", "called_off", "客户已回访")
    with pytest.raises(FollowUpNotPlanned):
        move_follow_ups(session, "main", [call.id], Change(THURSDAY), reason="x", actor=LU, now=NOW)


def test_planned_again_once_the_customer_agrees(session: Session, site: Site, new_visit: NewVisit) -> None:
    visit = new_visit(1, consent=None)
    (call,) = planned(session, site, visit)
    assert (call.state, call.skip_reason) == ("skipped", "no_consent")
    assert plan_again(session, "main", [call.id], reason="x", actor=BAI, now=NOW) == 0
    record_consent(session, visit.customer_id, "given", source="counter", actor=BAI, now=NOW)
    assert plan_again(session, "main", [call.id], reason="同意了", actor=BAI, now=NOW) == 1
    assert (call.state, call.skip_reason, call.planned_on) == ("planned", None, TUESDAY)


@pytest.mark.parametrize("wish", ["do_not_contact", "refused", "unreachable", "lost_contact"])
def test_who_is_not_to_be_called_any_more_leaves_the_plan_at_once(
    session: Session, site: Site, new_visit: NewVisit, wish: str
) -> None:
    call, other = planned(session, site, new_visit(1), new_visit(2))
    customer = session.get_one(Customer, call.customer_id)
    customer.is_do_not_contact = wish == "do_not_contact"
    customer.standing = "lost_contact" if wish == "lost_contact" else "active"
    if wish == "refused":
        record_consent(session, customer.id, "withdrawn", source="call", actor=BAI, now=NOW)
    is_unreachable = wish == "unreachable"
    assert leave_plan(session, customer.id, actor=BAI, now=NOW, is_unreachable=is_unreachable) == 1
    set_do_not_contact(session, other.customer_id, is_do_not_contact=False, actor=LU, now=NOW)
    assert (call.state, call.skip_reason, other.state) == ("skipped", wish, "planned")
    event = read_events(session, customer_stream(customer.id))[-1]
    assert (event.type, event.body["skip_reason"]) == ("follow_up_called_off", wish)
    assert leave_plan(session, other.customer_id, actor=BAI, now=NOW) == 0
    again = plan_again(session, "main", [call.id], reason="x", actor=BAI, now=NOW)
    assert again == is_unreachable, "only a number can be found again without a change of the file"
    set_do_not_contact(session, other.customer_id, is_do_not_contact=True, actor=LU, now=NOW)
    assert (other.state, other.skip_reason) == ("skipped", "do_not_contact")


def test_spread_again_does_what_was_looked_at(session: Session, site: Site, new_visit: NewVisit) -> None:
    calls = planned(session, site, *(new_visit(number) for number in range(12)))
    for call in calls:
        call.planned_on, call.advisor_id = TUESDAY, "bai"
    session.flush()
    seen = look_at_spreading(session, WEEK, now=NOW)
    assert seen.before == {(TUESDAY, "bai"): 12}
    assert set(seen.after.values()) == {2}
    assert len(seen.moves) == 10
    call_off_follow_ups(session, "main", [calls[0].id], reason="x", actor=BAI, now=NOW)
    with pytest.raises(PlanChanged):
        spread_again(session, WEEK, digest=seen.digest, reason="x", actor=BAI, now=NOW)
    digest = look_at_spreading(session, WEEK, now=NOW).digest
    assert spread_again(session, WEEK, digest=digest, reason="病假", actor=BAI, now=NOW) == 9
    counts = places(calls[1:])
    assert max(counts.values()) - min(counts.values()) <= 1
    assert not look_at_spreading(session, WEEK, now=NOW).moves


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_settings_are_for_leaders_and_recorded(session: Session, site: Site) -> None:
    assert plan_settings(session, "main") == PlanSettings()
    new = PlanSettings(most_calls_a_day=40, lost_after_months=9)
    with pytest.raises(NotAllowed):
        change_plan_settings(session, "main", new, actor=BAI, now=NOW)
    with pytest.raises(InvalidInput):
        change_plan_settings(session, "main", PlanSettings(most_calls_a_day=0), actor=LU, now=NOW)
    change_plan_settings(session, "main", new, actor=LU, now=NOW)
    assert plan_settings(session, "main") == new
    event = read_events(session, "configuration")[-1]
    assert event.body["changes"] == {
        "most_calls_a_day": {"old": "25", "new": "40"}, "lost_after_months": {"old": "6", "new": "9"}
    }  # fmt: skip


def test_the_calls_come_page_by_page_by_day(
    session: Session, site: Site, new_visit: NewVisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = planned(session, site, *(new_visit(number) for number in range(7)))
    monkeypatch.setattr("app.models.follow_up_plan_list.PAGE", 3)
    wanted = PlanFilter("main", TUESDAY, FRIDAY, 1)
    found, after = [], None
    for _ in range(3):
        page = plan_page(session, wanted, after=after)
        found += [row.id for row in page.rows]
        after = page.next_cursor
    assert after is None
    assert found == [call.id for call in sorted(calls, key=lambda call: (call.planned_on, call.id))]
