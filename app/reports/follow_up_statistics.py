"""Daily and weekly follow-up reports and the monthly 7DC/3DC statistics (B2.四.2), computed from the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, true
from sqlalchemy.orm import Session

from app.calendars import DAY_PARTS
from app.models import FollowUpAnswer, FollowUpAttempt, FollowUpResult, PlannedFollowUp
from app.models.follow_up_result import NOT_REACHED, REACHED, REFUSED, SATISFACTION, UNREACHABLE
from app.reports.complaint_causes import CAUSE, WITH_CAUSE
from app.reports.follow_ups import ANSWER_FIGURES, ATTEMPT_FIGURES, CALL_FIGURES, CALLS, DUE, DUE_FIGURES, has_problem
from app.reports.monthly_report import Figure
from app.reports.periods import MONTH, Period
from app.reports.problems import OTHER
from app.reports.tally import Counted, Scope, Span, facts_of, tallies

COURSE = "course"  # the breakdown by days or weeks
Numbers = Mapping[str, tuple[int, int | None]]


def _closed(result: str) -> Counted:
    return Counted(CALLS, FollowUpResult.result == result, true())


def _said(word: str) -> Counted:
    satisfied = CALL_FIGURES["satisfied"]
    return Counted(CALLS, FollowUpResult.satisfaction == SATISFACTION[word], satisfied.of)


# A plan is made for days, so a day's report holds what was planned for it; the statistics hold what was due.
_PLANNED = replace(DUE, moment=PlannedFollowUp.planned_on)
PLAN_FIGURES: Mapping[str, Counted] = {
    "planned": Counted(_PLANNED, DUE_FIGURES["due"].counts),
    "carried_out": Counted(_PLANNED, DUE_FIGURES["carried_out"].counts, DUE_FIGURES["carried_out"].of),
    "not_called": Counted(_PLANNED, DUE_FIGURES["not_called"].counts),
}
RESULT_FIGURES: Mapping[str, Counted] = {
    "closed": Counted(CALLS, FollowUpResult.planned_follow_up_id.is_not(None)),
    "reached": _closed(REACHED),
    "not_reached": _closed(NOT_REACHED),
    "unreachable": _closed(UNREACHABLE),
    "refused": _closed(REFUSED),
    "attempts": Counted(CALLS, true(), weight=FollowUpResult.attempts),
    "satisfied": CALL_FIGURES["satisfied"],
    "acceptable": _said("acceptable"),
    "dissatisfied": _said("dissatisfied"),
    "problem_calls": CALL_FIGURES["problem_calls"],
    "minor": CALL_FIGURES["minor"],
    "major": Counted(CALLS, FollowUpResult.complaint_level == "major"),
    "suggestions": CALL_FIGURES["suggestions"],
}
# What each row of a breakdown shows.
COLUMNS = ("closed", "reached", "satisfied", "problem_calls", "minor", "major")
_ROW_FIGURES = {name: RESULT_FIGURES[name] for name in COLUMNS}
_PROBLEMS = Counted(CALLS, has_problem)
_ANSWERS = ANSWER_FIGURES["good_answers"]
PROBLEM_KIND: ColumnElement[str] = func.coalesce(FollowUpResult.problem_kind, OTHER)
CUTS: Mapping[str, SQLColumnExpression[Any]] = {
    "occasions": FollowUpResult.occasion,
    "callers": func.coalesce(FollowUpResult.caller_id, ""),
    "service_advisors": FollowUpResult.service_advisor,
}


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """A row of a breakdown with its figures in the order of COLUMNS."""

    key: str
    figures: tuple[Figure, ...]

    def figure(self, figure_id: str) -> Figure:
        """The figure of one of COLUMNS."""
        return self.figures[COLUMNS.index(figure_id)]


@dataclass(frozen=True, slots=True)
class DayPartRow:
    """The calls of a part of the day: those answered, and those made there again without need, of all."""

    part: str
    answered: Figure
    repeated: Figure


@dataclass(frozen=True, slots=True)
class FollowUpStatistics:
    """Figures of a period beside those of the one before, and their breakdowns by the keys of CUTS.

    `course` has a row for each day or week; `problem_kinds` counts, and `questions` counts good answers of all.
    """

    period: Period
    figures: tuple[Figure, ...]
    previous: tuple[Figure, ...]
    cuts: Mapping[str, tuple[StatisticsRow, ...]]
    course: tuple[StatisticsRow, ...]
    problem_kinds: tuple[Figure, ...]
    questions: tuple[Figure, ...]
    day_parts: tuple[DayPartRow, ...]  # calls by the part of the day, in its order
    causes: tuple[Figure, ...]  # of complaints received, by category and kind of problem


def compute_statistics(session: Session, scope: Scope, period: Period, occasion: str) -> FollowUpStatistics:
    """The follow-up report of a period; reads only. Arguments: occasion, one of them or empty for all."""
    spans = [period.previous.span, period.span]
    found: dict[str, dict[str, Figure]] = {span.name: {} for span in spans}
    for wanted in (_all_of_occasion(plan_figures(period), occasion), _all_of_occasion(RESULT_FIGURES, occasion)):
        rows = tallies(session, wanted, scope, spans)
        for span in spans:
            found[span.name] |= _figures(wanted, rows.get((span.name, None), {}))
    return FollowUpStatistics(
        period=period,
        figures=tuple(found[period.span.name].values()),
        previous=tuple(found[period.previous.span.name].values()),
        cuts={name: _rows(session, scope, period.span, occasion, by) for name, by in CUTS.items()},
        course=_course(session, scope, period, occasion),
        problem_kinds=_counts(session, scope, period.span, _of_occasion(_PROBLEMS, occasion), PROBLEM_KIND),
        questions=_counts(session, scope, period.span, _of_occasion(_ANSWERS, occasion), FollowUpAnswer.question_id),
        day_parts=_day_parts(session, scope, period.span, occasion),
        causes=() if occasion else _counts(session, scope, period.span, WITH_CAUSE, CAUSE),
    )


def plan_figures(period: Period) -> Mapping[str, Counted]:
    """What was to be done in the period, and what of it was."""
    return DUE_FIGURES if period.kind == MONTH else PLAN_FIGURES


def facts(
    scope: Scope, period: Period, occasion: str, figure: str, cut: str = "", key: str = ""
) -> Select[*tuple[Any, ...]] | None:
    """The follow-ups behind a figure, or behind one row of a breakdown; None for what is no figure of this report."""
    counted = _wanted(period, figure)
    if counted is None:
        return None
    if counted is not WITH_CAUSE:
        counted = _of_occasion(counted, occasion)
    by = {
        **CUTS, "problem_kinds": PROBLEM_KIND, "questions": FollowUpAnswer.question_id, "causes": CAUSE,
        "day_parts": FollowUpAttempt.day_part,
    }.get(cut)  # fmt: skip
    if by is not None:
        counted = counted.only(by == key)
    span = period.span if cut != COURSE else next((part for part in period.parts if part.name == key), None)
    return None if span is None else facts_of(counted, scope, span)


def _wanted(period: Period, figure: str) -> Counted | None:
    others = {"good_answers": _ANSWERS, "bad_answers": _ANSWERS.rest, "complaints": WITH_CAUSE, **ATTEMPT_FIGURES}
    return {**plan_figures(period), **RESULT_FIGURES, **others}.get(figure)


def _of_occasion(counted: Counted, occasion: str) -> Counted:
    if not occasion:
        return counted
    column = PlannedFollowUp.occasion if counted.source.is_by_date else FollowUpResult.occasion
    return counted.only(column == occasion)


def _all_of_occasion(wanted: Mapping[str, Counted], occasion: str) -> Mapping[str, Counted]:
    return {name: _of_occasion(counted, occasion) for name, counted in wanted.items()}


def _figures(wanted: Mapping[str, Counted], numbers: Numbers) -> dict[str, Figure]:
    return {
        name: Figure(name, *numbers.get(name, (0, None if counted.of is None else 0)))
        for name, counted in wanted.items()
    }


def _rows(
    session: Session, scope: Scope, span: Span, occasion: str, by: SQLColumnExpression[Any]
) -> tuple[StatisticsRow, ...]:
    wanted = _all_of_occasion(_ROW_FIGURES, occasion)
    found = tallies(session, wanted, scope, [span], by=by)
    rows = [StatisticsRow(key or "", tuple(_figures(wanted, numbers).values())) for (_, key), numbers in found.items()]
    return tuple(
        sorted((row for row in rows if row.figures[0].count), key=lambda row: (-row.figures[0].count, row.key))
    )


def _course(session: Session, scope: Scope, period: Period, occasion: str) -> tuple[StatisticsRow, ...]:
    spans: Sequence[Span] = period.parts
    if not spans:
        return ()
    wanted = _all_of_occasion(_ROW_FIGURES, occasion)
    found = tallies(session, wanted, scope, spans)
    return tuple(
        StatisticsRow(span.name, tuple(_figures(wanted, found.get((span.name, None), {})).values())) for span in spans
    )


def _day_parts(session: Session, scope: Scope, span: Span, occasion: str) -> tuple[DayPartRow, ...]:
    wanted = _all_of_occasion(ATTEMPT_FIGURES, occasion)
    rows = tallies(session, wanted, scope, [span], by=FollowUpAttempt.day_part)
    found = {part: _figures(wanted, numbers) for (_, part), numbers in rows.items()}
    return tuple(
        DayPartRow(part, found[part]["answered"], found[part]["repeated"]) for part in DAY_PARTS if part in found
    )


def _counts(
    session: Session, scope: Scope, span: Span, counted: Counted, by: SQLColumnExpression[Any]
) -> tuple[Figure, ...]:
    found = tallies(session, {"row": counted}, scope, [span], by=by)
    figures = [Figure(str(key), *numbers["row"]) for (_, key), numbers in found.items()]
    kept = [figure for figure in figures if figure.count or figure.base]
    return tuple(sorted(kept, key=lambda figure: (-figure.count, figure.id)))
