"""Each breakdown of the monthly report as conditions: what is counted, by what it is broken down, in which days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression

from app.models import FollowUpAnswer, PlannedFollowUp
from app.reports.follow_ups import ANSWER_FIGURES, LOST_CONVERSATIONS, REASONS_TICKED, due_figures
from app.reports.problems import PROBLEM_FIGURES, PROBLEM_KIND
from app.reports.tally import Counted, Span
from app.reports.visits import (
    AMOUNT_CLASS,
    MODEL,
    VISIT_FIGURES,
    came_back,
    lost,
    loyalty,
    visitor_figures,
    won_back,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows of a breakdown: one named `key`, or one for each value of `by`.

    `base` counts what the rows are parts of where neither their own figure nor the sum of them is it.
    """

    counted: Counted
    span: Span
    key: str = ""
    by: SQLColumnExpression[Any] | None = None
    base: Counted | None = None

    def of_row(self, key: str) -> Counted:
        """What the row of that key counts."""
        if self.by is None:
            return self.counted
        condition: ColumnElement[bool] = self.by == key
        return self.counted.only(condition)


def cuts_of(span: Span, zone: ZoneInfo, lost_after_months: int, today: date) -> Mapping[str, Sequence[Cut]]:
    """The breakdowns of a month as far as they can be told by `today`, by their ids, in the order they are shown in."""
    due = due_figures(today)
    visitors = visitor_figures(span, zone)
    customers_lost, last_visits = lost(span, zone, lost_after_months)
    called, year_of_calls = won_back(span, zone)
    customers, visits, year = loyalty(span, zone)
    return {
        "occasions": [Cut(due["carried_out"], span, by=PlannedFollowUp.occasion)],
        "not_called_reasons": [Cut(due["not_called"], span, by=PlannedFollowUp.skip_reason)],
        "questions": [Cut(ANSWER_FIGURES["good_answers"], span, by=FollowUpAnswer.question_id)],
        "problem_kinds": [Cut(PROBLEM_FIGURES["problems"], span, by=PROBLEM_KIND)],
        "visitors": [Cut(counted, span, key) for key, counted in visitors.items()],
        "models": [Cut(VISIT_FIGURES["repairs"], span, by=MODEL)],
        "amounts": [Cut(VISIT_FIGURES["repairs"], span, by=AMOUNT_CLASS)],
        "deliveries": [Cut(VISIT_FIGURES["deliveries"], span, by=MODEL)],
        "losses": [
            Cut(customers_lost, last_visits, "lost"),
            Cut(came_back(span, zone, lost_after_months), span, "came_back"),
            Cut(called, year_of_calls, "won_back"),
        ],
        "loss_reasons": [Cut(REASONS_TICKED, span, by=FollowUpAnswer.question_id, base=LOST_CONVERSATIONS)],
        "loyalty": [Cut(customers, year, by=visits)],
    }
