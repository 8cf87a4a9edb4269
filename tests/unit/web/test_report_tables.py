"""What figures of reports say: their value, what it is made of, and the change that is good or bad."""

import pytest

from app.reports import Figure
from app.spreadsheets import Share
from app.web.report_tables import KeyFigure, ReportCell, ReportTable, cell_of


@pytest.mark.parametrize(
    ("figure", "text", "base", "change", "tone"),
    [
        (KeyFigure("a", Share(3, 4), Share(1, 2), "", True), "75%", "3/4", "+25 points", "good"),
        (KeyFigure("a", Share(1, 2), Share(3, 4), "", True), "50%", "1/2", "-25 points", "bad"),
        (KeyFigure("a", Share(0, 0), Share(3, 4), "", True), "–", "", "", ""),
        (KeyFigure("a", 7, 5, "", False), "7", "", "+2", "bad"),
        (KeyFigure("a", 7, 7, "", False), "7", "", "±0", ""),
        (KeyFigure("a", 1200, 5), "1,200", "", "+1,195", ""),
        (KeyFigure("a", 7), "7", "", "", ""),
    ],
)
def test_a_figure_and_its_change(figure: KeyFigure, text: str, base: str, change: str, tone: str) -> None:
    assert (figure.text, figure.base, figure.change, figure.tone) == (text, base, change, tone)


def test_a_figure_of_a_report_is_a_count_or_a_share() -> None:
    assert cell_of(Figure("x", 3)) == 3
    assert cell_of(Figure("x", 0, 0)) == Share(0, 0)


def test_a_table_as_a_sheet_keeps_its_values() -> None:
    table = ReportTable("T", ["a", "b"], [[ReportCell("x", "/cases"), ReportCell(Share(1, 4))]])
    assert table.is_narrow
    assert not ReportTable("T", ["a"], [[ReportCell("维修质量是否满意，故障是否排除？")]]).is_narrow
    sheet = table.sheet(["above"])
    assert (sheet.name, list(sheet.above), sheet.rows) == ("T", ["above", "T"], [["x", Share(1, 4)]])
