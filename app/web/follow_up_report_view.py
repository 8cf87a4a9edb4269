"""The follow-up report of a day, a week or a month in words: figures, tables and charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for

from app.charts import Bone, Caption, Cause, TrendPoint, pareto
from app.extensions import db
from app.models.display_names import user_names
from app.models.questionnaire import question_texts
from app.reports import Figure
from app.reports.closed_calls import closed_calls
from app.reports.follow_up_statistics import (
    COLUMNS,
    COURSE,
    DayPartRow,
    FollowUpStatistics,
    StatisticsRow,
    compute_statistics,
)
from app.reports.periods import DAY, MONTH, Period
from app.web.chart_figures import Figure as ChartFigure
from app.web.chart_figures import fishbone_figure, most_frequent_figure, rates_figure, trend_figure
from app.web.current import current_person
from app.web.follow_up_words import (
    BETTER_HIGH,
    CAUSES,
    COMPLAINTS,
    DAY_PARTS,
    FIGURES,
    RESULTS,
    SATISFACTION,
    occasion_name,
    problem_name,
    report_title,
)
from app.web.languages import locale
from app.web.report_scope import ChosenSites
from app.web.report_tables import KeyFigure, ReportCell, ReportTable, cell_of, rate_bar
from app.web.texts import gettext

Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """All that a reader sees of a report."""

    title: str
    subtitle: str
    period: Period
    figures: list[KeyFigure]
    tables: list[ReportTable]
    charts: list[ChartFigure]


def follow_up_report(sites: ChosenSites, period: Period, occasion: str) -> FollowUpReport:
    """The report of these sites."""
    found = compute_statistics(db.session(), sites.scope, period, occasion)
    words = _Words(sites, period, occasion)
    tables = [table for table in (*words.cuts(found), *words.counts(found), *words.calls()) if table.rows]
    subtitle = [sites.name, str(period), *([occasion_name(occasion)] if occasion else [])]
    return FollowUpReport(
        report_title(period.kind, occasion), " · ".join(subtitle), period, words.key_figures(found), tables,
        words.charts(found),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Words:
    """What is the same for all parts of a report."""

    sites: ChosenSites
    period: Period
    occasion: str

    def link(self, figure: str, cut: str = "", key: str = "") -> str:
        """The cases behind a figure."""
        return url_for(
            "follow_up_reports.cases", kind=self.period.kind, on=self.period.first.isoformat(),
            site=self.sites.chosen or None, occasion=self.occasion or None, figure=figure, cut=cut or None,
            key=key if cut else None,
        )  # fmt: skip

    def key_figures(self, found: FollowUpStatistics) -> list[KeyFigure]:
        """Each figure beside that of the period before."""
        return [
            KeyFigure(
                gettext(FIGURES[now.id]), cell_of(now), cell_of(before), self.link(now.id) if now.count else "",
                BETTER_HIGH.get(now.id),
            )
            for now, before in zip(found.figures, found.previous, strict=True)
        ]  # fmt: skip

    def cuts(self, found: FollowUpStatistics) -> list[ReportTable]:
        """Rows by day or week, occasion, caller and service advisor."""
        people = user_names(db.session(), {row.key for row in found.cuts["callers"]})
        occasions = () if self.occasion else found.cuts["occasions"]
        return [
            self._cut(gettext("Course"), gettext("Days"), found.course, _days_of(self.period), COURSE),
            self._cut(gettext("By occasion"), gettext("Occasion"), occasions, occasion_name, "occasions"),
            self._cut(
                gettext("By caller"), gettext("Caller"), found.cuts["callers"],
                lambda key: people.get(key, key or gettext("nobody")), "callers",
            ),
            self._cut(
                gettext("By service advisor"), gettext("Service advisor"), found.cuts["service_advisors"],
                lambda key: key or gettext("not named"), "service_advisors",
            ),
        ]  # fmt: skip

    def _cut(
        self, title: str, who: str, rows: Sequence[StatisticsRow], named: Callable[[str], str], cut: str
    ) -> ReportTable:
        header = (who, *(gettext(FIGURES[name]) for name in COLUMNS))
        return ReportTable(title, header, [
            [ReportCell(named(row.key)), *(self._cell(figure, cut, row.key) for figure in row.figures)] for row in rows
        ])  # fmt: skip

    def _cell(self, figure: Figure, cut: str, key: str) -> ReportCell:
        return ReportCell(cell_of(figure), self.link(figure.id, cut, key) if figure.count else "")

    def counts(self, found: FollowUpStatistics) -> list[ReportTable]:
        """Kinds of problems, and what was answered to each question."""
        kinds = [
            [
                ReportCell(problem_name(figure.id)),
                ReportCell(figure.count, self.link("problem_calls", "problem_kinds", figure.id)),
            ]
            for figure in found.problem_kinds
        ]
        texts = question_texts(db.session()) if found.questions else {}
        is_chinese = locale() == "zh_CN"
        questions = [
            [
                ReportCell(texts.get(figure.id, (figure.id, figure.id))[is_chinese]),
                ReportCell(cell_of(figure)),
                ReportCell(
                    (figure.base or 0) - figure.count,
                    self.link("bad_answers", "questions", figure.id) if figure.base != figure.count else "",
                ),
            ]
            for figure in found.questions
        ]
        causes = [
            [
                ReportCell(gettext(CAUSES[figure.id.partition("/")[0]])),
                ReportCell(problem_name(figure.id.partition("/")[2])),
                ReportCell(figure.count, self.link("complaints", "causes", figure.id)),
            ]
            for figure in found.causes
        ]
        return [
            self._day_parts(found),
            ReportTable(
                gettext("Causes of complaints"), (gettext("Category"), gettext("Kind"), gettext("Count")), causes
            ),
            ReportTable(gettext("Kinds of problems"), (gettext("Kind"), gettext("Count")), kinds),
            ReportTable(
                gettext("Answers per question"),
                (gettext("Question"), gettext("Good answers"), gettext("Bad answers")), questions,
            ),
        ]  # fmt: skip

    def _day_parts(self, found: FollowUpStatistics) -> ReportTable:
        """When customers answer, and who was called at the same time of day again."""
        words = ("attempts", "answered", "repeated")
        header = (gettext("Time of day"), *(gettext(FIGURES[name]) for name in words))
        return ReportTable(gettext("Calls by the time of day"), header, [
            [
                ReportCell(gettext(DAY_PARTS[row.part])),
                ReportCell(row.answered.base or 0),
                ReportCell(cell_of(row.answered), self.link("answered", "day_parts", row.part)),
                self._repeated(row),
            ]
            for row in found.day_parts
        ])  # fmt: skip

    def _repeated(self, row: DayPartRow) -> ReportCell:
        count = row.repeated.count
        return ReportCell(count, self.link("repeated", "day_parts", row.part) if count else "")

    def calls(self) -> list[ReportTable]:
        """Each call of a day or week; a month has too many."""
        if self.period.kind == MONTH:
            return []
        reader = current_person().id
        calls = closed_calls(db.session(), reader, self.sites.scope, self.period.span, self.occasion)
        people = user_names(db.session(), {call.caller_id for call in calls})
        header = (
            gettext("Time"), gettext("Case"), gettext("Occasion"), gettext("Caller"), gettext("Service advisor"),
            gettext("Attempts"), gettext("Result"), gettext("Satisfaction"), gettext("Complaint"), gettext("Problem"),
        )  # fmt: skip
        moments = "%H:%M" if self.period.kind == DAY else "%m-%d %H:%M"
        rows = [
            [
                ReportCell(call.closed_at.astimezone(self.sites.scope.zone).strftime(moments)),
                ReportCell(call.case_number, url_for("cases.show", instance_id=call.instance_id)),
                ReportCell(occasion_name(call.occasion)),
                ReportCell(people.get(call.caller_id or "", call.caller_id or "")),
                ReportCell(call.service_advisor),
                ReportCell(call.attempts),
                ReportCell(gettext(RESULTS[call.result])),
                ReportCell(gettext(SATISFACTION[call.satisfaction]) if call.satisfaction else ""),
                ReportCell(gettext(COMPLAINTS[call.complaint_level]) if call.complaint_level else ""),
                ReportCell(problem_name(call.problem_kind)),
            ]
            for call in calls
        ]
        return [ReportTable(gettext("Calls"), header, rows)]

    def charts(self, found: FollowUpStatistics) -> list[ChartFigure]:
        """What a table shows less well: what matters most, who stands out, where it goes."""
        if self.period.kind == DAY:
            return []
        charts = []
        if found.problem_kinds:
            bars = pareto((problem_name(figure.id), figure.count) for figure in found.problem_kinds)
            charts.append(most_frequent_figure(bars, gettext("Kinds of problems")))
        if found.causes:
            charts.append(self._causes(found))
        named = _days_of(self.period)
        points = [TrendPoint(named(row.key), row.figure("satisfied").rate) for row in found.course]
        if any(point.value is not None for point in points):
            caption = Caption(gettext("Satisfied customers"), gettext("Share of the satisfied among those asked."))
            charts.append(trend_figure(points, caption))
        rates = [
            rate_bar(row.key or gettext("not named"), row.figure("satisfied")) for row in found.cuts["service_advisors"]
        ]
        if rates:
            caption = Caption(gettext("Satisfied, by service advisor"), gettext("A bar for each service advisor."))
            charts.append(rates_figure(rates, caption, gettext("Service advisor")))
        return charts

    def _causes(self, found: FollowUpStatistics) -> ChartFigure:
        """Where the complaints of the period came from."""
        bones = [
            Bone(gettext(name), tuple(
                Cause(problem_name(figure.id.partition("/")[2]), figure.count)
                for figure in found.causes if figure.id.partition("/")[0] == category
            ))
            for category, name in CAUSES.items()
        ]  # fmt: skip
        effect = gettext("Complaints, %(period)s", period=self.period)
        words = gettext("What complaints came from, in five categories.")
        return fishbone_figure(effect, bones, Caption(gettext("Causes of complaints"), words))


def _days_of(period: Period) -> Callable[[str], str]:
    """A day as month and day; a week of a month as its first and last day."""
    spans = {span.name: span for span in period.parts}

    def named(name: str) -> str:
        span = spans[name]
        last = span.behind - timedelta(days=1)
        return f"{span.first:%m-%d}" if last == span.first else f"{span.first:%m-%d}–{last:%d}"

    return named
