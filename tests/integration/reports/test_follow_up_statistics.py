"""Daily, weekly and monthly follow-up reports against numbers worked out by hand from the facts of October."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.models import ComplaintFact, FollowUpAttempt
from app.reports import Figure
from app.reports.follow_up_statistics import FollowUpStatistics, compute_statistics, facts
from app.reports.periods import Period
from app.reports.tally import Scope
from tests.integration.reports.facts import Facts, october

SCOPE = Scope(("east",), ZoneInfo("Asia/Shanghai"))
MONTH, WEEK, DAY = (Period.around(kind, date(2026, 10, 12)) for kind in ("month", "week", "day"))


@pytest.fixture
def october_facts(session: Session) -> Session:
    october(Facts(session))
    session.get_one(ComplaintFact, "c1").cause_category = "method"
    session.get_one(ComplaintFact, "c2").cause_category = "people"
    session.flush()
    calls = (("morning", "no_answer", False), ("morning", "no_answer", True), ("evening", "reached", False))
    session.add_all(
        FollowUpAttempt(
            planned_follow_up_id="f3", number=number, called_at=datetime(2026, 10, 9, number, tzinfo=UTC),
            day_part=part, outcome=outcome, is_repeated=is_repeated,
        )
        for number, (part, outcome, is_repeated) in enumerate(calls, 1)
    )  # fmt: skip
    session.flush()
    return session


def numbers(figures: Iterable[Figure]) -> dict[str, tuple[int, int | None]]:
    return {figure.id: (figure.count, figure.base) for figure in figures}


def first_column(found: FollowUpStatistics, cut: str) -> dict[str, int]:
    return {row.key: row.figures[0].count for row in found.cuts[cut]}


def test_the_statistics_of_a_month(october_facts: Session) -> None:
    found = compute_statistics(october_facts, SCOPE, MONTH, "")
    assert numbers(found.figures) == {
        "due": (8, None), "carried_out": (6, 8), "successful": (5, 8), "not_called": (1, None),
        "closed": (7, None),  # f1 f2 f3 f4 f8 f10 f11
        "reached": (6, 7), "not_reached": (1, 7), "unreachable": (0, 7), "refused": (0, 7),
        "attempts": (9, None),  # six of one, f3 of three
        "satisfied": (3, 5), "acceptable": (1, 5), "dissatisfied": (1, 5),  # nobody asked f11
        "problem_calls": (3, 6), "minor": (1, None), "major": (1, None), "suggestions": (1, None),
    }  # fmt: skip
    assert numbers(found.previous)["closed"] == (1, None)  # f9, one minute before midnight
    assert first_column(found, "occasions") == {"repair_3dc": 5, "lost": 1, "new_car_7dc": 1}
    assert first_column(found, "callers") == {"": 7}
    # The first seven days have f1 and f10, the next f2 f3 f11, then f4, none, and f8.
    assert [row.figures[0].count for row in found.course] == [2, 3, 1, 0, 1]
    assert numbers(found.problem_kinds) == {"quality": (2, None), "price": (1, None)}
    assert numbers(found.causes) == {"method/attitude": (1, None)}  # not c2, which was none; nobody asked about c8
    by_part = [(row.part, row.answered.count, row.answered.base, row.repeated.count) for row in found.day_parts]
    assert by_part == [("morning", 0, 2, 1), ("evening", 1, 1, 0)]
    assert numbers(found.questions) == {"q_price": (1, 2), "q_quality": (1, 2)}


def test_a_week_and_a_day_hold_what_was_planned_for_them(october_facts: Session) -> None:
    week, day = (numbers(compute_statistics(october_facts, SCOPE, each, "").figures) for each in (WEEK, DAY))
    assert {name: week[name] for name in ("planned", "carried_out", "closed")} == {
        "planned": (2, None), "carried_out": (2, 2), "closed": (2, None),  # f3 f11
    }  # fmt: skip
    assert {name: day[name] for name in ("planned", "carried_out", "closed", "reached")} == {
        "planned": (1, None), "carried_out": (1, 1), "closed": (2, None), "reached": (1, 2),  # f11 three days early
    }  # fmt: skip


def test_a_report_of_one_occasion(october_facts: Session) -> None:
    found = compute_statistics(october_facts, SCOPE, MONTH, "repair_3dc")
    assert numbers(found.figures)["closed"] == (5, None)  # f1 f2 f3 f8 f10
    assert numbers(found.figures)["due"] == (6, None)


@pytest.mark.parametrize(
    ("figure", "cut", "key", "cases"),
    [
        ("dissatisfied", "", "", {"if2"}),
        ("problem_calls", "problem_kinds", "quality", {"if2", "if8"}),
        ("bad_answers", "questions", "q_price", {"if1"}),
        ("closed", "occasions", "lost", {"if11"}),
        ("closed", "course", "2026-10-08", {"if2", "if3", "if11"}),
        ("repeated", "day_parts", "morning", {"if3"}),
        ("complaints", "causes", "method/attitude", {"c1"}),
        ("carried_out", "", "", {"if1", "if2", "if3", "if4", "if10", "if11"}),
    ],
)
def test_a_figure_opens_its_cases(october_facts: Session, figure: str, cut: str, key: str, cases: set[str]) -> None:
    statement = facts(SCOPE, MONTH, "", figure, cut, key)
    assert statement is not None
    assert {row.instance_id for row in october_facts.execute(statement)} == cases


def test_other_words_are_no_figures() -> None:
    assert facts(SCOPE, MONTH, "", "salaries") is None
    assert facts(SCOPE, MONTH, "", "closed", "course", "2026-10-09") is None
