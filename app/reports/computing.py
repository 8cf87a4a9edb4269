"""The monthly report of a site, computed from the records: the same facts and settings always give the same figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.database import utc_text
from app.models.questionnaire import question_texts
from app.reports.cuts import Cut, cuts_of
from app.reports.effects import effects
from app.reports.follow_ups import ANSWER_FIGURES, CALL_FIGURES, due_figures
from app.reports.labels import FIGURES
from app.reports.month import Month, months_until
from app.reports.monthly_report import Breakdown, Figure, MonthFigures, MonthlyReport, Row, WeekPoint
from app.reports.open_problems import open_counts
from app.reports.problems import CLOCK_FIGURES, PROBLEM_FIGURES
from app.reports.suggestions import suggestions
from app.reports.tally import Counted, Scope, Span, tallies
from app.reports.visits import AMOUNT_CLASSES, LOYALTY_CLASSES, VISIT_FIGURES

WEEKS = 52
MOST_ROWS = 15
REST = "*"  # the row of all that are too few for one of their own
QUESTION_BREAKDOWNS = ("questions", "loss_reasons")
_ORDERS: Mapping[str, Sequence[str]] = {
    "amounts": [*(name for name, _bound in AMOUNT_CLASSES), "unknown"],
    "loyalty": LOYALTY_CLASSES,
}

Numbers = dict[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class ReportedSite:
    """What has to be known of a site; a customer is lost after so many months without a visit."""

    id: str
    zone: ZoneInfo
    lost_after_months: int

    @property
    def scope(self) -> Scope:
        """Its facts."""
        return Scope((self.id,), self.zone)


def compute_monthly_report(session: Session, site: ReportedSite, month: Month, *, now: datetime) -> MonthlyReport:
    """All figures of a month; reads only. One that is not over is computed as far as it has come."""
    scope, today = site.scope, now.astimezone(site.zone).date()
    report = MonthlyReport(
        site_id=site.id,
        month=str(month),
        computed_at=utc_text(now),
        months=month_figures(session, scope, months_until(month), today),
        breakdowns=_breakdowns(session, site, month, today),
        weeks=_weeks(session, scope, month),
        measures=effects(session, scope, month.plus(1).first_day),
        suggestions=(),
    )
    return replace(report, suggestions=suggestions(report))


def counted_by(today: date) -> Sequence[Mapping[str, Counted]]:
    """What the figures of a month count as far as it can be told by `today`, those of one source together."""
    return (due_figures(today), CALL_FIGURES, ANSWER_FIGURES, PROBLEM_FIGURES, CLOCK_FIGURES, VISIT_FIGURES)


def month_figures(session: Session, scope: Scope, months: Sequence[Month], today: date) -> tuple[MonthFigures, ...]:
    """The figures of months that follow each other, the oldest first."""
    sources = counted_by(today)
    spans = [Span.of_month(month) for month in months]
    found: dict[str, Numbers] = {span.name: {} for span in spans}
    for wanted in sources:
        for (name, _part), numbers in tallies(session, wanted, scope, spans).items():
            found[name] |= numbers
    still_open = open_counts(session, scope, spans)
    shares = {name for wanted in sources for name, counted in wanted.items() if counted.of is not None}
    return tuple(_of_month(span.name, found[span.name], still_open[span.name], shares) for span in spans)


def _of_month(month: str, numbers: Numbers, still_open: int, shares: set[str]) -> MonthFigures:
    def figure(name: str) -> Figure:
        if name == "open":
            return Figure(name, still_open)
        count, base = numbers.get(name, (0, 0 if name in shares else None))
        return Figure(name, count, base)

    return MonthFigures(month, tuple(figure(name) for name in FIGURES))


def _breakdowns(session: Session, site: ReportedSite, month: Month, today: date) -> tuple[Breakdown, ...]:
    current, previous = (
        cuts_of(Span.of_month(each), site.zone, site.lost_after_months, today) for each in (month, month.plus(-1))
    )
    texts = question_texts(session)
    return tuple(
        _breakdown(
            name,
            _cut_rows(session, site.scope, current[name]),
            _cut_rows(session, site.scope, previous[name]),
            texts if name in QUESTION_BREAKDOWNS else {},
        )
        for name in current
    )


def _cut_rows(session: Session, scope: Scope, cuts: Sequence[Cut]) -> Numbers:
    rows: Numbers = {}
    for cut in cuts:
        found = tallies(session, {"row": cut.counted}, scope, [cut.span], by=cut.by)
        counted = {part or cut.key: numbers["row"] for (_span, part), numbers in found.items()}
        if cut.by is None:
            counted = counted or {cut.key: (0, 0)}
        if cut.base is not None:
            bases = [*tallies(session, {"row": cut.base}, scope, [cut.span]).values()]
            base = bases[0]["row"][0] if bases else 0
            counted = {key: (count, base) for key, (count, _none) in counted.items()}
        rows |= counted
    return _with_total(rows)


def _with_total(rows: Numbers) -> Numbers:
    """Where a row is a part of nothing else it is one of all rows together."""
    total = sum(count for count, _base in rows.values())
    return {key: (count, total if base is None else base) for key, (count, base) in rows.items() if count or base}


def _breakdown(name: str, now: Numbers, before: Numbers, texts: Mapping[str, tuple[str, str]]) -> Breakdown:
    order = _ORDERS.get(name)
    base_now, base_before = (next(iter(rows.values()), (0, 0))[1] for rows in (now, before))
    keys = list(order) if order else sorted(now, key=lambda key: (-now[key][0], key))
    rows = []
    for key in keys:
        count, base = now.get(key, (0, base_now))
        previous_count, previous_base = before.get(key, (0, base_before))
        text = texts.get(key)
        labels = None if text is None else {"en": text[0], "zh_CN": text[1]}
        rows.append(Row(key, count, base, previous_count, previous_base, labels))
    return Breakdown(name, tuple(_few(rows)))


def _few(rows: Sequence[Row]) -> Sequence[Row]:
    """So many rows that one still reads them; the smallest together in the last."""
    if len(rows) <= MOST_ROWS:
        return rows
    kept, rest = rows[: MOST_ROWS - 1], rows[MOST_ROWS - 1 :]
    together = Row(
        REST, sum(row.count for row in rest), rest[0].base, sum(row.previous_count or 0 for row in rest),
        rest[0].previous_base,
    )  # fmt: skip
    return [*kept, together]


def _weeks(session: Session, scope: Scope, month: Month) -> tuple[WeekPoint, ...]:
    """The weeks that were over when the month was, Monday to Sunday, the oldest first."""
    spans = weeks_until(month.plus(1).first_day)
    found = tallies(session, {"problem_calls": CALL_FIGURES["problem_calls"]}, scope, spans)
    points = ((span.name, found.get((span.name, None), {}).get("problem_calls", (0, 0))) for span in spans)
    return tuple(WeekPoint(name, count, base or 0) for name, (count, base) in points)


def weeks_until(behind: date) -> list[Span]:
    """The last whole weeks before a day, named by their Mondays."""
    monday = behind - timedelta(days=behind.weekday())
    starts = [monday - timedelta(weeks=weeks) for weeks in range(WEEKS, 0, -1)]
    return [Span(start.isoformat(), start, start + timedelta(weeks=1)) for start in starts]
