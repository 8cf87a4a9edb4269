"""Rates of sites beside each other, worked out by hand from the facts of October."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.reports import Month
from app.reports.site_rates import (
    CLOCK_RATES,
    RATES,
    facts_of_rate,
    problems_of_month,
    satisfaction_by_month,
    site_rates,
)
from app.reports.tally import Scope
from tests.integration.reports.facts import Facts, october

SCOPE = Scope(("east", "west"), ZoneInfo("Asia/Shanghai"))
OCTOBER = Month(2026, 10)


@pytest.fixture
def october_facts(session: Session) -> Session:
    october(Facts(session))
    return session


def test_sites_and_all_together(october_facts: Session) -> None:
    now, before = site_rates(october_facts, SCOPE, OCTOBER, OCTOBER.last_day)
    # East: see the statistics of the month. West has f12 alone: due, reached, dissatisfied.
    expected = {"carried_out": ((6, 8), (1, 1)), "successful": ((5, 8), (1, 1)), "satisfied": ((3, 5), (0, 1))}
    for name, (east, west) in expected.items():
        rates = [now.by_site[site][name] for site in ("east", "west")]
        assert [(rate.count, rate.base) for rate in rates] == [east, west], name
        together = now.together[name]
        assert (together.count, together.base) == (east[0] + west[0], east[1] + west[1])
    assert (before.together["satisfied"].count, before.together["satisfied"].base) == (1, 1)  # f9


def test_what_is_not_due_yet_makes_no_running_month_look_bad(october_facts: Session) -> None:
    now, _before = site_rates(october_facts, SCOPE, OCTOBER, OCTOBER.first_day)
    carried_out = now.together["carried_out"]
    assert (carried_out.count, carried_out.base) == (7, 7)


@pytest.mark.parametrize("today", [OCTOBER.first_day, date(2026, 10, 14), OCTOBER.last_day])
def test_behind_each_rate_stand_the_facts_it_counts(october_facts: Session, today: date) -> None:
    now, _before = site_rates(october_facts, SCOPE, OCTOBER, today)
    for name in RATES:
        rate, facts = now.together[name], facts_of_rate(SCOPE, OCTOBER, today, name)
        counted = (rate.base or 0) - rate.count if name in CLOCK_RATES else rate.count
        assert october_facts.scalar(select(func.count()).select_from(facts.subquery())) == counted, name


def test_behind_the_rate_of_a_clock_stand_the_cases_that_did_not_keep_it(october_facts: Session) -> None:
    def cases(name: str, month: Month) -> list[str]:
        facts = facts_of_rate(SCOPE, month, OCTOBER.last_day, name)
        return sorted(case_id for _key, _moment, case_id in october_facts.execute(facts))

    assert cases("general_manager_informed", OCTOBER) == ["c1"]
    assert cases("general_manager_informed", OCTOBER.plus(-1)) == []
    assert cases("answer", OCTOBER) == ["c8"]


def test_satisfaction_of_thirteen_months(october_facts: Session) -> None:
    months = satisfaction_by_month(october_facts, SCOPE, OCTOBER)
    assert [name for name, _figure in months][::12] == ["2025-10", "2026-10"]
    assert [(figure.count, figure.base) for _name, figure in months[-3:]] == [(0, 0), (1, 1), (3, 6)]


def test_problems_of_a_month(october_facts: Session) -> None:
    # f2 and f8 of quality, f1 of price, and the complaint c1, which comes from no call.
    assert dict(problems_of_month(october_facts, SCOPE, OCTOBER)) == {"quality": 2, "price": 1, "attitude": 1}
