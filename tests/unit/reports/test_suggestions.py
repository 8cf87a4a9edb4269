"""Suggestions follow from the figures by rules, verdicts from two shares compared; none rest on a handful."""

import pytest

from app.reports import Breakdown, Figure, MonthFigures, MonthlyReport, Row
from app.reports.effects import verdict
from app.reports.suggestions import SENTENCES, suggestions

CALM = {"carried_out": (50, 50), "successful": (48, 50), "timely": (9, 9), "satisfied": (45, 48)}


def report(*breakdowns: Breakdown, **now: tuple[int, int]) -> MonthlyReport:
    months = tuple(
        MonthFigures(month, tuple(Figure(name, *numbers) for name, numbers in (CALM | changes).items()))
        for month, changes in (("2026-09", {}), ("2026-10", now))
    )
    return MonthlyReport("east", "2026-10", "", months, breakdowns, weeks=(), measures=(), suggestions=())


def hints(made: MonthlyReport) -> dict[str, dict[str, str]]:
    return {hint.id: dict(hint.params) for hint in suggestions(made)}


def test_a_calm_month_suggests_nothing() -> None:
    assert hints(report()) == {}


def test_each_rule_and_the_figures_it_rests_on() -> None:
    made = report(
        Breakdown("questions", (Row("on_time", 30, 40), Row("parts", 3, 9))),
        Breakdown("problem_kinds", (Row("on_time", 8, 12), Row("price", 4, 12))),
        Breakdown("losses", (Row("lost", 6, 60),)),
        Breakdown("loss_reasons", (Row("price", 3, 5),)),
        Breakdown("loyalty", (Row("1", 30, 40), Row("2", 10, 40))),
        carried_out=(45, 50), successful=(40, 50), timely=(7, 9), satisfied=(36, 48),
    )  # fmt: skip
    found = hints(made)
    assert found == {
        "not_made": {"rest": "5"},
        "not_reached": {"percent": "80.0"},
        "late": {"rest": "2"},
        "satisfaction_fell": {"before": "93.8", "percent": "75.0"},
        "weakest_question": {"question": "on_time", "percent": "75.0"},
        "main_problem": {"kind": "on_time", "percent": "66.7"},
        "losing": {"count": "6", "percent": "10.0"},
        "loss_reason": {"reason": "price"},
        "few_return": {"percent": "75.0"},
    }
    assert list(found) == list(SENTENCES)
    for name, params in found.items():
        assert SENTENCES[name] % params


def test_a_handful_suggests_no_share() -> None:
    made = report(Breakdown("questions", (Row("on_time", 1, 9),)), successful=(1, 9), satisfied=(1, 9))
    assert hints(made) == {}


@pytest.mark.parametrize(("before", "after", "told"), [
    ((20, 100), (5, 100), "better"),
    ((5, 100), (20, 100), "worse"),
    ((20, 100), (15, 100), "no_difference"),
    ((0, 100), (0, 100), "no_difference"),
    ((9, 9), (0, 100), "too_few"),
    ((5, 10), (0, 0), "too_few"),
])  # fmt: skip
def test_effect_of_a_measure(before: tuple[int, int], after: tuple[int, int], told: str) -> None:
    assert verdict(before, after) == told
