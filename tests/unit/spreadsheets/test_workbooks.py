"""Workbooks as a spreadsheet program reads them: no formulas, numbers as numbers, headings that stay (W49)."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain

import openpyxl
import pytest

from app.spreadsheets import Share, Sheet, csv_of, xlsx_file

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "  =HYPERLINK(1)", "＝1+1", "\t=1"]


def read(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx_file(sheets, title="7DC")))


@pytest.mark.parametrize("text", FORMULAS)
def test_w49_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    book = read(Sheet(text, [text], [[text]], above=[text]))
    cells = list(chain.from_iterable(book.worksheets[0].iter_rows()))
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [cell.value for cell in cells if cell.value is not None] == [text] * 3
    assert all(cell.quotePrefix for cell in cells if cell.value is not None)


def test_numbers_are_numbers_with_a_format() -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    row = [7, Share(1, 8), Share(0, 0), Decimal("12.50"), date(2026, 3, 2), moment, None, "文字", -3]
    (cells,) = read(Sheet("a", [str(place) for place in range(9)], [row])).worksheets[0].iter_rows(min_row=2)
    midnight = moment.replace(hour=0, minute=0, tzinfo=None)
    assert [cell.value for cell in cells] == [
        7, 0.125, None, 12.5, midnight, moment.replace(tzinfo=None), None, "文字", -3,
    ]  # fmt: skip
    assert [cell.number_format for cell in cells[:6]] == [
        "#,##0", "0.0%", "0.0%", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm",
    ]  # fmt: skip


def test_the_heading_stays_and_columns_are_as_wide_as_their_texts() -> None:
    page = read(Sheet("a", ["项目", "数量"], [["客户对维修质量的满意程度", 3]], above=["日报", "西店"])).worksheets[0]
    assert page.freeze_panes == "A5"
    assert [cell.value for cell in page["A"]] == ["日报", "西店", None, "项目", "客户对维修质量的满意程度"]
    assert page.column_dimensions["A"].width == 26  # twelve Chinese characters, and a little room
    assert page.column_dimensions["B"].width == 8
    assert page.print_title_rows == "$4:$4"


def test_names_of_sheets_are_made_fit_and_unique() -> None:
    book = read(*(Sheet("7DC/3DC: a name that is far too long for it", [], []) for _ in range(2)), Sheet("", [], []))
    assert book.sheetnames == ["7DC 3DC  a name that is far too", "7DC 3DC  a name that is far 2", "1"]


def test_characters_that_no_workbook_can_hold_are_left_out() -> None:
    assert read(Sheet("a", ["x\x00\x08y"], [])).worksheets[0]["A1"].value == "xy"


def test_a_sheet_as_csv() -> None:
    content = csv_of(Sheet("a", ["名", "率"], [["=1", Share(2, 3)], [-3, None]]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [["名", "率"], ["'=1", "66.7%"], ["-3", ""]]
