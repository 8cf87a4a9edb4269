"""The monthly report in the reader's language: names of figures and rows, suggestions as sentences."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from app.i18n import N_
from app.reports.computing import REST
from app.reports.labels import AMOUNTS, BREAKDOWNS, FIGURES, PROBLEM_KINDS, ROWS
from app.reports.monthly_report import Breakdown, Figure, MonthlyReport, Row, Suggestion
from app.reports.suggestions import SENTENCES
from app.spreadsheets import Cell
from app.web.follow_up_words import occasion_name
from app.web.languages import locale
from app.web.report_tables import cell_of
from app.web.texts import gettext

# Which way is good; of the others neither is.
BETTER_HIGH: Mapping[str, bool] = {
    "carried_out": True, "successful": True, "satisfied_repair": True, "satisfied": True, "good_answers": True,
    "timely": True, "general_manager_informed": True, "answer": True, "problem_calls": False, "problems": False,
    "minor": False, "major": False, "open": False,
}  # fmt: skip
VERDICTS: Mapping[str, tuple[str, str]] = {
    "better": (N_("better"), "green"),
    "worse": (N_("worse"), "red"),
    "no_difference": (N_("no difference beyond chance"), ""),
    "too_few": (N_("too few to tell"), ""),
}
MEASURE_KINDS: Mapping[str, str] = {"corrective": N_("corrective"), "preventive": N_("preventive")}


def figure_name(figure_id: str) -> str:
    """What a figure is called."""
    return gettext(FIGURES[figure_id])


def value_of(figure: Figure) -> Cell:
    """A count, a share, or yuan."""
    if figure.id in AMOUNTS:
        return float(Decimal(figure.count) / 100)
    return cell_of(figure)


def breakdown_name(breakdown_id: str) -> str:
    """The heading of a breakdown."""
    return gettext(BREAKDOWNS[breakdown_id])


def row_name(breakdown_id: str, row: Row) -> str:
    """What a row of a breakdown is called."""
    if row.key == REST:
        return gettext("All others")
    if row.labels is not None:
        return row.labels.get(locale()) or row.key
    if breakdown_id == "occasions":
        return occasion_name(row.key)
    if breakdown_id == "problem_kinds":
        return gettext(PROBLEM_KINDS.get(row.key, row.key))
    text = ROWS.get(breakdown_id, {}).get(row.key)
    return gettext(text) if text else row.key or gettext("not named")


def key_name(report: MonthlyReport, breakdown_id: str, key: str) -> str:
    """What the row of that key is called."""
    rows = report.breakdown(breakdown_id).rows
    found = next((row for row in rows if row.key == key), Row(key, 0))
    return row_name(breakdown_id, found)


def sentence(report: MonthlyReport, suggestion: Suggestion) -> str:
    """A suggestion; the rows it names in the reader's words."""
    places: dict[str, str] = dict(suggestion.params)
    for place, breakdown_id in (("question", "questions"), ("kind", "problem_kinds"), ("reason", "loss_reasons")):
        if place in places:
            places[place] = key_name(report, breakdown_id, places[place])
    return gettext(SENTENCES[suggestion.id], **places)


def named_rows(breakdown: Breakdown) -> list[tuple[str, Row]]:
    """The rows with their names."""
    name: Callable[[Row], str] = lambda row: row_name(breakdown.id, row)  # noqa: E731
    return [(name(row), row) for row in breakdown.rows]
