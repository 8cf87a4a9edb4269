"""Second and third level: lists are supplied, sampled and confirmed; absences are noticed once."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed
from app.models import FollowUpListEntry, Notification, PlannedFollowUp, Site
from app.operations.follow_up_due_lists import due_lists
from app.operations.follow_up_lists import ListFilter, add_orders, supply_list
from app.operations.follow_up_picks import confirm_list, pick_at_random, pick_by_hand, sample
from app.operations.follow_up_settings import PlanSettings, change_plan_settings
from app.operations.lists_told import has_due_lists_to_tell, tell_of_due_lists
from app.operations.lost_customers import has_lost_customers, plan_lost_customers
from tests.integration.follow_ups.conftest import LU, NOW, SONG, WEN, NewVisit, made, planned

APRIL = ListFilter(date(2026, 4, 1), date(2026, 4, 30))


def picked(session: Session, list_id: str) -> dict[str, tuple[str, str]]:
    rows = session.scalars(select(FollowUpListEntry).where(FollowUpListEntry.list_id == list_id))
    return {row.visit_id: (row.ground, row.picked) for row in rows}


def test_the_office_picks_repairs_that_after_sales_lists(session: Session, site: Site, new_visit: NewVisit) -> None:
    new_visit(1, 30, amount=Decimal(12_000), work_done="大修")
    new_visit(2, 31, amount=Decimal(300), work_done="事故车钣喷")
    new_visit(3, 32, amount=Decimal(300), work_done="保养")
    new_visit(4, 33, consent=None)
    new_visit(5, 34, kind="delivery")
    new_visit(6, 80)
    with pytest.raises(NotAllowed):
        supply_list(session, "main", "quarter_repair", APRIL, actor=WEN, now=NOW)
    listed = supply_list(session, "main", "quarter_repair", APRIL, actor=LU, now=NOW)
    told = session.scalars(select(Notification.user_id).where(Notification.kind == "list_supplied")).all()
    assert told == ["wen"]
    assert picked(session, listed.id) == {
        "visit-1": ("high_value", ""), "visit-2": ("accident", ""), "visit-3": ("", ""),
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="R4, R9"):
        add_orders(session, listed, ("R6", "R4", "R9"), "vip", actor=LU, now=NOW)
    assert add_orders(session, listed, ("R6", "R1"), "vip", actor=LU, now=NOW) == 1
    with pytest.raises(NotAllowed):
        pick_by_hand(session, listed.id, ["visit-1"], {}, actor=LU, now=NOW)
    with pytest.raises(InvalidInput):
        confirm_list(session, listed.id, actor=WEN, now=NOW)
    pick_by_hand(session, listed.id, ["visit-6", "visit-2"], {}, actor=WEN, now=NOW)
    assert confirm_list(session, listed.id, actor=WEN, now=NOW) == {"planned": 2}
    calls = session.scalars(select(PlannedFollowUp).where(PlannedFollowUp.list_id == listed.id)).all()
    assert {(one.visit_id, one.level, one.advisor_id) for one in calls} == {
        ("visit-2", 3, "wen"), ("visit-6", 3, "wen"),
    }  # fmt: skip
    again = supply_list(session, "main", "quarter_repair", APRIL, actor=LU, now=NOW)
    assert set(picked(session, again.id)) == {"visit-1", "visit-3"}  # never twice


def test_a_sample_can_be_drawn_again_from_its_seed(session: Session, site: Site, new_visit: NewVisit) -> None:
    for number in range(12):
        new_visit(number, 20 + number, kind="delivery", consent=None)
    wanted = ListFilter(date(2026, 4, 1), date(2026, 5, 1))
    listed = supply_list(session, "main", "quarter_new_car", wanted, actor=SONG, now=NOW)
    pick_by_hand(session, listed.id, ["visit-0"], {}, actor=WEN, now=NOW)
    assert pick_at_random(session, listed.id, 4, 7, actor=WEN, now=NOW) == 4
    drawn = {visit for visit, (_, how) in picked(session, listed.id).items() if how == "random"}
    assert drawn == sample({f"visit-{number}" for number in range(1, 12)}, 4, 7)
    assert picked(session, listed.id)["visit-0"][1] == "by_hand"
    assert listed.seed == 7
    with pytest.raises(InvalidInput):
        pick_at_random(session, listed.id, 12, 7, actor=WEN, now=NOW)
    assert confirm_list(session, listed.id, actor=WEN, now=NOW) == {"planned": 5}
    first = session.scalars(select(PlannedFollowUp).where(PlannedFollowUp.visit_id == "visit-0")).one()
    assert first.first_on == date(2026, 7, 28)  # a quarter after pick-up


def test_the_monthly_sample_is_drawn_from_the_calls_made(session: Session, site: Site, new_visit: NewVisit) -> None:
    for number, (result, day) in enumerate([("reached", 12), ("not_reached", 12), ("reached", 2)]):
        (call,) = planned(session, site, new_visit(number))
        made(session, call, result, datetime(2026, 5, day, 4, tzinfo=UTC))
    wanted = ListFilter(date(2026, 5, 10), date(2026, 5, 31))
    listed = supply_list(session, "main", "sampling", wanted, actor=SONG, now=NOW)
    assert set(picked(session, listed.id)) == {"visit-0"}
    pick_by_hand(session, listed.id, ["visit-0"], {}, actor=SONG, now=NOW)
    confirm_list(session, listed.id, actor=SONG, now=NOW)
    call = session.scalars(select(PlannedFollowUp).where(PlannedFollowUp.level == 2)).one()
    assert (call.occasion, call.advisor_id, call.planned_on) == ("sampling", "song", date(2026, 5, 18))


def test_lost_customers_are_planned_once_per_absence(session: Session, site: Site, new_visit: NewVisit) -> None:
    new_visit(1, 200)
    new_visit(2, 200)
    new_visit(2, 0, order="back")  # the same customer came again
    new_visit(3, 170)
    new_visit(4, 1200)
    new_visit(5, 210, consent=None)
    assert has_lost_customers(session, NOW)
    assert plan_lost_customers(session, NOW) == 2
    calls = {one.visit_id: one for one in session.scalars(select(PlannedFollowUp))}
    assert {visit: (one.occasion, one.state, one.skip_reason) for visit, one in calls.items()} == {
        "visit-1": ("lost", "planned", None), "visit-5": ("lost", "skipped", "no_consent"),
    }  # fmt: skip
    assert not has_lost_customers(session, NOW)
    assert plan_lost_customers(session, NOW) == 0
    assert plan_lost_customers(session, NOW + timedelta(days=20)) == 1  # now the third, too


def test_who_owes_a_list_is_told_once_when_its_day_is_there(
    session: Session, site: Site, new_visit: NewVisit
) -> None:
    new_visit(1, 30)
    eve = NOW - timedelta(days=8)  # the tenth, a Sunday: lists are due on Monday
    steps = {one.occasion: (one.step, one.due_on) for one in due_lists(session, site, eve)}
    due_on = date(2026, 5, 11)
    assert steps.pop("quarter_new_car") == ("nothing", date(2026, 4, 10))
    assert steps == {
        "sampling": ("nothing", due_on), "quarter_repair": ("supply", due_on), "lost": ("made", due_on),
    }  # fmt: skip
    assert not has_due_lists_to_tell(session, eve)
    for _ in range(2):
        tell_of_due_lists(session, NOW)
    told = session.execute(select(Notification.user_id, Notification.params).where(Notification.kind == "list_due"))
    ((user_id, params),) = told.all()
    assert (user_id, json.loads(params)["occasion"]) == ("lu", "quarter_repair")
    listed = supply_list(session, "main", "quarter_repair", APRIL, actor=LU, now=NOW)
    tell_of_due_lists(session, NOW)
    assert set(session.scalars(select(Notification.user_id).where(Notification.kind == "list_due"))) == {"lu", "wen"}
    pick_by_hand(session, listed.id, ["visit-1"], {}, actor=WEN, now=NOW)
    confirm_list(session, listed.id, actor=WEN, now=NOW)
    assert {one.occasion: one.step for one in due_lists(session, site, NOW)}["quarter_repair"] == "made"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_as_many_lost_customers_as_can_be_called(session: Session, site: Site, new_visit: NewVisit) -> None:
    change_plan_settings(session, "main", PlanSettings(most_calls_a_day=1), actor=LU, now=NOW)
    for number in range(50):
        new_visit(number, 200)
    assert plan_lost_customers(session, NOW) == 48  # two callers, 24 working days until 18 June
    assert plan_lost_customers(session, NOW) == 0
    assert {one.occasion: (one.step, one.waiting) for one in due_lists(session, site, NOW)}["lost"] == ("room", 2)
