"""Suggestions that follow from the figures (B2.二.5): hints to look at, each with the figures it rests on."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from app.i18n import N_
from app.reports.monthly_report import Breakdown, Figure, MonthlyReport, Suggestion

FEWEST = 10  # of a base, before a share says anything
_WORSE_BY = Decimal(5)  # percentage points against the month before
_LOW = Decimal(85)
_ONE_IN_FIVE = Decimal(20)
_HALF = Decimal(50)

SENTENCES: Mapping[str, str] = {
    "not_made": N_("%(rest)s follow-ups due were not made: look at the plan and at who was to call."),
    "not_reached": N_("Only %(percent)s %% of the follow-ups due reached the customer: ask for the best time to call."),
    "late": N_("%(rest)s problems were not handled in time: look at where their clocks stood still."),
    "satisfaction_fell": N_("Satisfaction fell from %(before)s %% to %(percent)s %%: open the calls behind it."),
    "weakest_question": N_("“%(question)s” has the fewest good answers (%(percent)s %%): plan a measure for it."),
    "main_problem": N_("%(percent)s %% of all problems are of the kind “%(kind)s”: begin there."),
    "losing": N_("%(count)s customers stayed away for long, %(percent)s %% of those there were: call them."),
    "loss_reason": N_("The most frequent reason for staying away is “%(reason)s”: find out what can be done."),
    "few_return": N_("%(percent)s %% of the customers came only once in twelve months: remind them of maintenance."),
}

Rule = Callable[[MonthlyReport], Iterator[Suggestion]]


def suggestions(report: MonthlyReport) -> tuple[Suggestion, ...]:
    """All hints that the figures of a report give, in the order of SENTENCES."""
    return tuple(hint for rule in _RULES for hint in rule(report))


def _rates(report: MonthlyReport) -> Iterator[Suggestion]:
    carried_out, successful = (report.current.figure(name) for name in ("carried_out", "successful"))
    if carried_out.base and carried_out.count < carried_out.base:
        yield Suggestion("not_made", {"rest": str(carried_out.base - carried_out.count)})
    if _is_low(successful):
        yield Suggestion("not_reached", {"percent": str(successful.percent)})
    timely = report.current.figure("timely")
    if timely.base and timely.count < timely.base:
        yield Suggestion("late", {"rest": str(timely.base - timely.count)})


def _satisfaction(report: MonthlyReport) -> Iterator[Suggestion]:
    now, before = (month.figure("satisfied") for month in (report.current, report.previous))
    if not (_says_something(now) and _says_something(before)) or now.percent is None or before.percent is None:
        return
    if now.percent <= before.percent - _WORSE_BY:
        yield Suggestion("satisfaction_fell", {"before": str(before.percent), "percent": str(now.percent)})


def _weakest_question(report: MonthlyReport) -> Iterator[Suggestion]:
    rows = [row for row in report.breakdown("questions").rows if row.base and row.base >= FEWEST]
    weakest = min(rows, key=lambda row: (row.percent or 0, row.key), default=None)
    if weakest is not None and weakest.percent is not None and weakest.percent < _LOW:
        yield Suggestion("weakest_question", {"question": weakest.key, "percent": str(weakest.percent)})


def _main_problem(report: MonthlyReport) -> Iterator[Suggestion]:
    kinds = report.breakdown("problem_kinds")
    if kinds.rows and kinds.total >= FEWEST and (kinds.rows[0].percent or 0) >= _ONE_IN_FIVE:
        yield Suggestion("main_problem", {"kind": kinds.rows[0].key, "percent": str(kinds.rows[0].percent)})


def _losses(report: MonthlyReport) -> Iterator[Suggestion]:
    lost = next((row for row in report.breakdown("losses").rows if row.key == "lost"), None)
    if lost is not None and lost.count:
        yield Suggestion("losing", {"count": str(lost.count), "percent": str(lost.percent)})
    reasons = report.breakdown("loss_reasons").rows
    if reasons:
        yield Suggestion("loss_reason", {"reason": reasons[0].key})


def _loyalty(report: MonthlyReport) -> Iterator[Suggestion]:
    visits: Breakdown = report.breakdown("loyalty")
    once = next((row for row in visits.rows if row.key == "1"), None)
    if once is not None and visits.total >= FEWEST and once.percent is not None and once.percent > _HALF:
        yield Suggestion("few_return", {"percent": str(once.percent)})


_RULES: tuple[Rule, ...] = (_rates, _satisfaction, _weakest_question, _main_problem, _losses, _loyalty)


def _says_something(figure: Figure) -> bool:
    return figure.base is not None and figure.base >= FEWEST


def _is_low(figure: Figure) -> bool:
    return _says_something(figure) and figure.percent is not None and figure.percent < _LOW
