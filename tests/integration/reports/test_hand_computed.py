"""The figures of a report against the numbers worked out by hand from the facts of October (docs/monthly-report.md)."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.operations.history_canonical import canonical_json
from app.reports import Month, MonthlyReport
from app.reports.behind import selection
from app.reports.computing import REST, ReportedSite, compute_monthly_report
from app.reports.snapshot import plain_report, report_of
from tests.integration.reports.facts import Facts, october, utc

SITE = ReportedSite("east", ZoneInfo("Asia/Shanghai"), lost_after_months=6)
OCTOBER = Month(2026, 10)
BREAKDOWNS: dict[str, dict[str, tuple[int, int | None]]] = {
    "occasions": {"repair_3dc": (4, 6), "new_car_7dc": (1, 1), "lost": (1, 1)},
    "not_called_reasons": {"no_consent": (1, 1)},
    "questions": {"q_price": (1, 2), "q_quality": (1, 2)},
    "problem_kinds": {"quality": (2, 4), "attitude": (1, 4), "price": (1, 4)},
    "visitors": {"first_time": (7, 9), "repeat": (2, 9)},
    "models": {"微风 2": (6, 8), "晨风 3": (2, 8)},
    "amounts": {"below_500": (3, 8), "below_2000": (2, 8), "below_5000": (1, 8),
                "from_5000": (1, 8), "unknown": (1, 8)},
    "deliveries": {"微风 2": (1, 1)},
    "losses": {"lost": (1, 4), "came_back": (1, 9), "won_back": (1, 1)},
    "loss_reasons": {"price": (1, 1)},
    "loyalty": {"1": (10, 12), "2": (2, 12), "3": (0, 12), "4_or_more": (0, 12)},
}  # fmt: skip


@pytest.fixture
def october_facts(session: Session) -> Session:
    october(Facts(session))
    return session


@pytest.fixture
def report(october_facts: Session) -> MonthlyReport:
    return compute_monthly_report(october_facts, SITE, OCTOBER, now=utc("2026-11-02T00:30"))


def test_figures_of_the_months(report: MonthlyReport) -> None:
    assert {figure.id: (figure.count, figure.base) for figure in report.current.figures} == {
        "due": (8, None),  # f1 f2 f3 f4 f5 f10 f11, and f7, which somebody called off
        "carried_out": (6, 8),  # not f5, not f7
        "successful": (5, 8),  # f1 f2 f4 f10 f11
        "not_called": (1, None),  # f6
        "conversations": (6, None),  # f1 f2 f4 f8 f10 f11: closed in October, whenever due
        "satisfied_repair": (3, 4),  # f1 f8 f10 of f1 f2 f8 f10
        "satisfied": (3, 5),  # and f4, which found it acceptable; the lost customer was not asked
        "good_answers": (2, 4),
        "suggestions": (1, None),  # f8
        "problem_calls": (3, 6),  # f1 f2 f8
        "problems": (4, None),  # f1 f2 f8 c1; c8 is f8's, c2 was none
        "minor": (1, None),  # f2
        "major": (2, None),  # f8 c1
        "timely": (1, 2),  # f2 yes, c8 no; c1 runs again
        "general_manager_informed": (2, 3),
        "answer": (2, 3),
        "open": (2, None),  # c1 c8
        "repairs": (8, None),
        "turnover": (1044999, None),
        "deliveries": (1, None),
    }
    before = {figure.id: figure.count for figure in report.previous.figures if figure.count}
    assert before == {"due": 1, "carried_out": 1, "successful": 1, "conversations": 1, "satisfied": 1,
                      "satisfied_repair": 1, "repairs": 2}  # fmt: skip
    assert [month for month, figure in report.trend("repairs") if figure.count] == [
        "2026-03",
        "2026-04",
        "2026-05",
        "2026-09",
        "2026-10",
    ]


def test_breakdowns(report: MonthlyReport) -> None:
    found = {one.id: {row.key: (row.count, row.base) for row in one.rows} for one in report.breakdowns}
    assert found == BREAKDOWNS
    kinds = report.breakdown("problem_kinds").rows
    assert {(row.previous_count, row.previous_base) for row in kinds} == {(0, 0)}


def test_weeks_measures_and_the_way_into_a_snapshot(report: MonthlyReport) -> None:
    assert len(report.weeks) == 52
    assert {week.begins_on: (week.count, week.base) for week in report.weeks if week.base} == {
        "2026-09-28": (1, 3),  # f9 f10 f1
        "2026-10-05": (1, 1),  # f2
        "2026-10-12": (0, 1),  # f11
        "2026-10-19": (0, 1),  # f4
    }  # the week of 26 October is not over when the month is

    assert report_of(json.loads(canonical_json(plain_report(report)))) == report
    newest, older = report.measures
    assert (newest.measure_id, newest.problem_kind, newest.verdict) == ("m1", "quality", "too_few")
    assert (newest.before_count, newest.before_base, newest.after_count, newest.after_base) == (1, 4, 1, 3)
    assert (older.measure_id, older.question_id) == ("m2", "q_price")
    assert (older.before_count, older.before_base, older.after_count, older.after_base) == (1, 3, 0, 4)


def test_what_is_still_to_come_is_not_missing_while_the_month_runs(october_facts: Session) -> None:
    on_the_first = compute_monthly_report(october_facts, SITE, OCTOBER, now=utc("2026-10-01T00:30"))
    assert {name: (found.count, found.base) for name in ("due", "carried_out", "successful", "not_called")
            for found in [on_the_first.current.figure(name)]} == {
        "due": (6, None), "carried_out": (6, 6), "successful": (5, 6), "not_called": (1, None),
    }  # fmt: skip
    assert "not_made" not in {hint.id for hint in on_the_first.suggestions}


def test_on_the_last_day_of_a_month_its_follow_ups_are_as_they_stay(
    report: MonthlyReport, october_facts: Session
) -> None:
    on_the_last = compute_monthly_report(october_facts, SITE, OCTOBER, now=utc("2026-10-30T16:00"))
    assert on_the_last.months == report.months
    assert "not_made" in {hint.id for hint in report.suggestions}


@pytest.mark.parametrize("now", ["2026-10-01T00:30", "2026-10-14T00:30", "2026-11-02T00:30"])
def test_every_figure_opens_what_it_counts(october_facts: Session, now: str) -> None:
    report = compute_monthly_report(october_facts, SITE, OCTOBER, now=utc(now))
    today = utc(now).astimezone(SITE.zone).date()

    def count(figure_id: str, key: str = "", *, is_rest: bool = False) -> int:
        wanted = selection(SITE, OCTOBER, today, figure_id, key=key, is_rest=is_rest).facts(SITE.scope).subquery()
        return october_facts.scalar(select(func.count()).select_from(wanted)) or 0

    for figure in report.current.figures:
        expected = 7 if figure.id == "turnover" else figure.count  # orders with an amount
        assert (figure.id, count(figure.id)) == (figure.id, expected)
        if figure.base is not None:
            assert (figure.id, count(figure.id, is_rest=True)) == (figure.id, figure.base - figure.count)
    for breakdown in report.breakdowns:
        for row in breakdown.rows:
            assert row.key != REST
            assert (breakdown.id, row.key, count(breakdown.id, row.key)) == (breakdown.id, row.key, row.count)


def test_month_that_is_empty(october_facts: Session) -> None:
    made = compute_monthly_report(october_facts, SITE, Month(2020, 1), now=utc("2026-11-02T00:30"))
    assert not any(figure.count for month in made.months for figure in month.figures)
    assert made.suggestions == ()
    assert made.weeks[-1].begins_on == date(2020, 1, 20).isoformat()
