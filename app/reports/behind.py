"""What stands behind a figure: the conditions that its number was counted by, for the list of its cases."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

from app.errors import NotFound
from app.i18n import N_
from app.reports.computing import ReportedSite, counted_by
from app.reports.cuts import Cut, cuts_of
from app.reports.month import Month
from app.reports.open_problems import open_facts
from app.reports.tally import Counted, Scope, Span, facts_of

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Selection:
    """What to list: the facts that `counted` counts in `span`; without `counted` what is open at its end."""

    span: Span
    counted: Counted | None
    has_rest: bool = False  # it is a part of something, or the rest of it

    @property
    def is_of_visits(self) -> bool:
        """Whether it lists visits, for which no case stands."""
        return self.counted is not None and self.counted.source.is_of_visits

    def facts(self, scope: Scope) -> Select[*tuple[Any, ...]]:
        """Key, moment and case of each fact."""
        if self.counted is None:
            return open_facts(scope, self.span)
        return facts_of(self.counted, scope, self.span)


def selection(
    site: ReportedSite, month: Month, today: date, figure_id: str, *, key: str = "", is_rest: bool = False
) -> Selection:
    """What a figure, or the row `key` of a breakdown, counts; `is_rest` for what it is a part of without counting.

    Raises NotFound where the report has no such figure.
    """
    span = Span.of_month(month)
    if figure_id == OPEN and not is_rest:
        return Selection(span, None)
    counted = next((wanted[figure_id] for wanted in counted_by(today) if figure_id in wanted), None)
    if counted is None:
        cut = _cut(site, span, today, figure_id, key)
        counted, span = cut.of_row(key), cut.span
    has_rest = counted.of is not None
    if is_rest and not has_rest:
        raise _unknown()
    return Selection(span, counted.rest if is_rest else counted, has_rest)


def _cut(site: ReportedSite, span: Span, today: date, breakdown_id: str, key: str) -> Cut:
    cuts = cuts_of(span, site.zone, site.lost_after_months, today).get(breakdown_id, ())
    for cut in cuts:
        if cut.by is not None or cut.key == key:
            return cut
    raise _unknown()


def _unknown() -> NotFound:
    return NotFound(N_("The report has no such figure."))
