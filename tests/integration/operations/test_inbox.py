"""The inbox of a person: which user tasks stand in which view, page by page, and how many."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.models import Customer, Membership, UserTask, Vehicle, search
from app.models.inbox import COUNTED_EXACTLY, VIEWS, View, counts_by_process, inbox_counts, inbox_page
from app.operations.actor import SYSTEM
from app.operations.cases import Case
from app.operations.process_instances import start_process
from app.operations.record_user_tasks import NO_DUE_DATE
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, follow, later


def _names(session: Session, person: str, view: View, **options: object) -> list[str]:
    """`case number/element` of the rows of a view's only page."""
    page = inbox_page(session, person, view, **{"now": NOW, **options})
    assert page.next_cursor is None
    return [f"{row.case_number[-1]}/{row.element_id}" for row in page.rows]


def _at_outlet(session: Session) -> Case:
    values = {"subject": "elsewhere", "customer_id": CUSTOMER}
    return start_process(session, "inquiry", values, site_id="outlet", business_key="RO-9", actor=SYSTEM, now=NOW)


def test_claimable_counts_groups_at_the_site_only(session: Session, dealership: Dealership) -> None:
    dealership.start()
    _at_outlet(session)
    assert _names(session, "ada", "claimable") == ["1/check"]
    assert _names(session, "far", "claimable") == ["2/check"]
    for person in ("cam", "eve", "own", "nobody"):
        assert _names(session, person, "claimable") == []


def test_claimed_user_task_moves_to_its_person(session: Session, dealership: Dealership) -> None:
    dealership.claim(dealership.start(), "check", "bea")
    assert _names(session, "bea", "mine") == ["1/check"]
    assert _names(session, "ada", "mine") == []
    assert _names(session, "ada", "claimable") == _names(session, "bea", "claimable") == []


def test_user_task_open_to_two_groups_of_a_person_stands_once(session: Session, dealership: Dealership) -> None:
    session.add(Membership(user_id="two", group_id="customer_service", site_id="outlet"))
    case = dealership.start()
    dealership.add_candidate(case, "check", "group", "customer_service")
    dealership.add_candidate(case, "check", "user", "two")
    assert _names(session, "two", "claimable") == ["1/check"]
    assert inbox_counts(session, "two", NOW)["claimable"] == 1


def test_sleeping_until_the_follow_up_date(session: Session, dealership: Dealership) -> None:
    dealership.complete(dealership.start(), "check", "ada", verdict="later")
    assert _names(session, "bea", "sleeping") == ["1/later"]
    assert _names(session, "bea", "claimable") == []
    assert _names(session, "cam", "sleeping") == []
    assert _names(session, "bea", "claimable", now=later(days=3)) == ["1/later"]
    assert _names(session, "bea", "sleeping", now=later(days=3)) == []


def test_due_views_take_mine_and_claimable(session: Session, dealership: Dealership) -> None:
    dealership.claim(dealership.start(now=later(days=-2)), "check", "ada")
    dealership.start(now=later(days=-1, hours=2))
    dealership.start()
    assert _names(session, "ada", "overdue") == ["1/check"]
    assert _names(session, "bea", "overdue") == []
    assert _names(session, "ada", "due_today") == ["2/check"]
    assert _names(session, "bea", "due_today") == ["2/check"]


def test_today_is_that_of_the_persons_home_site(session: Session, dealership: Dealership) -> None:
    """15:59 UTC is 23:59 in Shanghai, 16:00 the next day."""
    dealership.start(now=later(days=-1, hours=7, minutes=59))
    dealership.start(now=later(days=-1, hours=8))
    assert _names(session, "ada", "due_today") == ["1/check"]


def test_done_and_started_by_me(session: Session, dealership: Dealership) -> None:
    first, second = dealership.start("ada"), dealership.start("bea")
    dealership.complete(first, "check", "bea", now=later(minutes=1), verdict="end")
    dealership.complete(second, "check", "bea", now=later(minutes=2), verdict="later")
    assert _names(session, "bea", "done") == ["2/check", "1/check"]
    assert _names(session, "bea", "started_by_me") == ["2/later"]
    assert _names(session, "ada", "started_by_me") == _names(session, "ada", "done") == []


def test_pages_go_on_where_they_ended(session: Session, dealership: Dealership) -> None:
    for minute in (3, 1, 2, 1, 1):
        dealership.start(now=later(minutes=minute))
    for view in ("claimable", "started_by_me"):
        seen, after = [], None
        while True:
            page = inbox_page(session, "ada", view, now=later(minutes=5), after=after, limit=2)
            seen += [row.case_number[-1] for row in page.rows]
            if page.next_cursor is None:
                break
            after = page.next_cursor
        assert seen == ["2", "4", "5", "3", "1"]


def test_done_pages_go_backwards(session: Session, dealership: Dealership) -> None:
    for minute in (1, 2, 3):
        dealership.complete(dealership.start(), "check", "ada", now=later(minutes=minute), verdict="end")
    first = inbox_page(session, "ada", "done", now=NOW, limit=2)
    assert [row.case_number[-1] for row in first.rows] == ["3", "2"]
    rest = inbox_page(session, "ada", "done", now=NOW, limit=2, after=first.next_cursor)
    assert [row.case_number[-1] for row in rest.rows] == ["1"]


@pytest.mark.parametrize("cursor", ["x", "2026-03-02~id", "2026-03-02T08:00:00+00:00~", "~"])
def test_wrong_cursor_is_refused(session: Session, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        inbox_page(session, "ada", "mine", now=NOW, after=cursor)


def test_search_and_process_filter(session: Session, dealership: Dealership) -> None:
    session.add(Membership(user_id="ada", group_id="cr_advisor", site_id="outlet"))
    dealership.start(subject="异响 100%_sure")
    _at_outlet(session)
    follow(session)
    for words, found in {
        "in-2026-000002": ["2/check"],
        "异响": ["1/check"],
        "ro-9": ["2/check"],
        "100%_SURE": ["1/check"],
        "000002 outlet": [],
        "%_": [],
        " ": ["1/check", "2/check"],
    }.items():
        assert _names(session, "ada", "claimable", search=words) == found
    assert len(_names(session, "ada", "claimable", process_key="inquiry")) == 2
    assert _names(session, "ada", "claimable", process_key="answer") == []
    assert inbox_counts(session, "ada", NOW, process_key="answer")["claimable"] == 0


@pytest.mark.parametrize("words", ["安宁", "1112222", "示a11", "TA000218"])
def test_a_customer_who_calls_back_is_found(session: Session, dealership: Dealership, words: str) -> None:
    session.merge(Customer(id=CUSTOMER, name="安宁", phone="10011112222", created_at=NOW, created_by="ada"))
    session.add(Vehicle(id="car", vin="ZZZFTRFX0TA000218", plate="示A11111", created_at=NOW))
    session.flush()
    dealership.start(vehicle_id="car")
    follow(session)
    assert _names(session, "ada", "claimable", search=words) == ["1/check"]
    assert _names(session, "ada", "claimable", search=words + "x") == []


@pytest.mark.parametrize("counted", [1, 500])  # as if all words were common, and as they are
def test_search_in_every_view(
    session: Session, dealership: Dealership, monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr(search, "COUNTED", counted)
    search._counting.cache_clear()
    for subject in ("漏油 左前", "漏油", "异响"):
        dealership.start(subject=subject)
        dealership.claim(dealership.start(subject=subject), "check", "ada")
        dealership.complete(dealership.start(subject=subject, now=later(days=-4)), "check", "ada", verdict="later")
    follow(session)
    seen = 0
    for view in VIEWS:
        everything = inbox_page(session, "ada", view, now=NOW).rows
        expected = [row.id for row in everything if row.case_number[-1] in "123456"]
        assert [row.id for row in inbox_page(session, "ada", view, now=NOW, search="漏油").rows] == expected, view
        seen += bool(expected)
    assert seen >= 5
    page = inbox_page(session, "ada", "started_by_me", now=NOW, search="漏油", limit=2)
    rest = inbox_page(session, "ada", "started_by_me", now=NOW, search="漏油", limit=9, after=page.next_cursor)
    assert len(page.rows) + len(rest.rows) == 6
    assert inbox_page(session, "far", "claimable", now=NOW, search="漏油").rows == ()
    search._counting.cache_clear()


def test_counts_agree_with_the_pages(session: Session, dealership: Dealership) -> None:
    dealership.claim(dealership.start(now=later(days=-2)), "check", "ada")
    dealership.start()
    dealership.complete(dealership.start(), "check", "ada", verdict="later")
    for person in ("ada", "bea", "cam"):
        counts = inbox_counts(session, person, NOW)
        assert set(counts) == set(VIEWS)
        for view in VIEWS:
            assert counts[view] == len(_names(session, person, view))
            by_process = counts_by_process(session, person, view, NOW)
            assert by_process == ({"inquiry": counts[view]} if counts[view] else {})


def test_counts_stop_after_a_thousand(session: Session, dealership: Dealership) -> None:
    dealership.copy_user_task(dealership.start(), "check", COUNTED_EXACTLY + 5)
    counts = inbox_counts(session, "bea", NOW)
    assert (counts["claimable"], counts["mine"]) == (COUNTED_EXACTLY + 1, 0)


def test_user_task_without_due_date_comes_last(session: Session, dealership: Dealership) -> None:
    session.execute(
        update(UserTask).where(UserTask.id == dealership.claim(dealership.start(), "check", "ada"))
        .values(due_at=None, due_sort=NO_DUE_DATE)
    )  # fmt: skip
    dealership.claim(dealership.start(), "check", "ada")
    assert _names(session, "ada", "mine") == ["2/check", "1/check"]
    assert inbox_page(session, "ada", "mine", now=NOW, limit=1).next_cursor


@pytest.fixture
def plans(session: Session) -> Iterator[list[str]]:
    """SQLite's query plans of all statements of the test."""
    found: list[str] = []
    engine = session.get_bind(UserTask)

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            raw = cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters)  # type: ignore[attr-defined]
            found.extend(row[3] for row in raw)

    if engine.dialect.name == "sqlite":
        event.listen(engine, "before_cursor_execute", explain)
    yield found
    if engine.dialect.name == "sqlite":
        event.remove(engine, "before_cursor_execute", explain)


def test_no_view_reads_a_whole_table(session: Session, dealership: Dealership, plans: list[str]) -> None:
    dealership.start()
    plans.clear()
    for view in VIEWS:
        inbox_page(session, "ada", view, now=NOW)
    inbox_counts(session, "ada", NOW)
    scans = [plan for plan in plans if plan.startswith("SCAN") and "anon" not in plan and "CONSTANT" not in plan]
    assert scans == []
