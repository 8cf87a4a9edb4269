"""Follow-up rates of sites beside each other: this month, its cases, the one before, and the course of a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.reports.follow_ups import CALL_FIGURES, due_figures
from app.reports.month import Month, months_until
from app.reports.monthly_report import Figure
from app.reports.problems import CLOCK_FIGURES, PROBLEM_FIGURES, PROBLEM_KIND
from app.reports.tally import Counted, Scope, Span, facts_of, tallies

DUE_RATES = ("carried_out", "successful")
CALL_RATES: Mapping[str, Counted] = {name: CALL_FIGURES[name] for name in ("satisfied", "problem_calls")}
CLOCK_RATES: Mapping[str, Counted] = {name: CLOCK_FIGURES[name] for name in ("general_manager_informed", "answer")}
RATES = (*DUE_RATES, *CALL_RATES, *CLOCK_RATES)


@dataclass(frozen=True, slots=True)
class Rates:
    """The figures of RATES in a month, by site, and of all sites together."""

    month: Month
    by_site: Mapping[str, Mapping[str, Figure]]
    together: Mapping[str, Figure]


def site_rates(session: Session, scope: Scope, month: Month, today: date) -> tuple[Rates, Rates]:
    """The rates of a month and of the one before, as far as they can be told by `today`."""
    months = (month, month.plus(-1))
    spans = [Span.of_month(each) for each in reversed(months)]
    found: dict[tuple[str, str], dict[str, Figure]] = {}
    for wanted in (_due_by(today), CALL_RATES, CLOCK_RATES):
        site = next(iter(wanted.values())).source.site
        for (name, site_id), numbers in tallies(session, wanted, scope, spans, by=site).items():
            place = found.setdefault((name, site_id), {})
            place |= {figure: Figure(figure, count, base or 0) for figure, (count, base) in numbers.items()}
    now, before = (_of_month(each, scope, found) for each in months)
    return now, before


def facts_of_rate(scope: Scope, month: Month, today: date, name: str) -> Select[*tuple[Any, ...]]:
    """What stands behind one of RATES as `site_rates` counts it; behind that of a clock where it was not kept."""
    counted = {**_due_by(today), **CALL_RATES, **CLOCK_RATES}[name]
    return facts_of(counted.rest if name in CLOCK_RATES else counted, scope, Span.of_month(month))


def _due_by(today: date) -> Mapping[str, Counted]:
    figures = due_figures(today)
    return {name: figures[name] for name in DUE_RATES}


def satisfaction_by_month(session: Session, scope: Scope, month: Month) -> list[tuple[str, Figure]]:
    """Satisfied of those asked in the twelve months before and the month itself, the oldest first."""
    spans = [Span.of_month(each) for each in months_until(month)]
    found = tallies(session, {"satisfied": CALL_FIGURES["satisfied"]}, scope, spans)
    return [(span.name, _figure("satisfied", found.get((span.name, None), {}))) for span in spans]


def problems_of_month(session: Session, scope: Scope, month: Month) -> list[tuple[str, int]]:
    """Kinds of problems reported in a month, with their numbers."""
    found = tallies(session, {"problems": PROBLEM_FIGURES["problems"]}, scope, [Span.of_month(month)], by=PROBLEM_KIND)
    return [(kind, numbers["problems"][0]) for (_span, kind), numbers in found.items()]


def _of_month(month: Month, scope: Scope, found: Mapping[tuple[str, str], Mapping[str, Figure]]) -> Rates:
    by_site = {
        site_id: {name: found.get((str(month), site_id), {}).get(name, Figure(name, 0, 0)) for name in RATES}
        for site_id in scope.site_ids
    }
    together = {
        name: Figure(
            name,
            sum(rates[name].count for rates in by_site.values()),
            sum(rates[name].base or 0 for rates in by_site.values()),
        )
        for name in RATES
    }
    return Rates(month, by_site, together)


def _figure(name: str, numbers: Mapping[str, tuple[int, int | None]]) -> Figure:
    count, base = numbers.get(name, (0, 0))
    return Figure(name, count, base or 0)
