"""Writes XLSX that people hand on: headings that stay, columns as wide as needed, numbers as numbers, no formulas."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.spreadsheets.cells import Cell, Share, told
from app.spreadsheets.writing import csv_file, is_formula
from app.svg import width_of

LONGEST_TEXT = 32_767  # characters in a cell, as Excel says
_NARROWEST, _WIDEST = 8.0, 48.0  # characters
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_DIGITS = 2.0  # columns are measured in digits, about half as wide as letters are high
_INK, _GROUND, _LINE = "FF18202C", "FFE6EEFF", "FFC2CAD8"
_HEAD = Font(bold=True, color=_INK)
_TITLE = Font(bold=True, size=15, color=_INK)
_FILL = PatternFill("solid", fgColor=_GROUND)
_UNDER = Border(bottom=Side("thin", color=_LINE))
_AS_THEY_ARE = (str, int, float, Decimal)  # in CSV: a number is no text and stays one
_FORMATS: tuple[tuple[type, str], ...] = (
    (datetime, "yyyy-mm-dd hh:mm"), (date, "yyyy-mm-dd"), (int, "#,##0"), (float, "#,##0.0"), (Decimal, "#,##0.00"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, lines above the table (the first one large), the heading of each column, the rows."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    above: Sequence[str] = ()


def xlsx_file(sheets: Iterable[Sheet], *, title: str) -> bytes:
    """A workbook of these sheets. Moments are written as they are: turn them into the reader's zone before."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = title, "Aftercare"
    for sheet in sheets:
        _write_sheet(book.create_sheet(_free_name(sheet.name, book.sheetnames)), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_of(sheet: Sheet) -> bytes:
    """The table of a sheet as CSV."""
    rows = ([cell if isinstance(cell, _AS_THEY_ARE) else told(cell) for cell in row] for row in sheet.rows)
    return csv_file([sheet.header, *rows])


def _free_name(name: str, taken: Sequence[str]) -> str:
    plain = _NOT_IN_NAMES.sub(" ", name).strip() or "1"
    found, number = plain[:_LONGEST_NAME], 1
    while found.casefold() in {other.casefold() for other in taken}:
        number += 1
        found = f"{plain[: _LONGEST_NAME - 4]} {number}"
    return found


def _write_sheet(page: Worksheet, sheet: Sheet) -> None:
    for number, words in enumerate(sheet.above, start=1):
        cell = _cell(page, number, 1)
        _write(cell, words)
        cell.font = _TITLE if number == 1 else Font(color=_INK)
    head = len(sheet.above) + 2 if sheet.above else 1
    for place, words in enumerate(sheet.header, start=1):
        cell = _cell(page, head, place)
        _write(cell, words)
        cell.font, cell.fill, cell.border = _HEAD, _FILL, _UNDER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for number, row in enumerate(sheet.rows, start=head + 1):
        for place, value in enumerate(row, start=1):
            _write(_cell(page, number, place), value)
    _lay_out(page, sheet, head)


def _cell(page: Worksheet, row: int, column: int) -> BookCell:
    return cast(BookCell, page.cell(row, column))  # nothing is merged here


def _write(cell: BookCell, value: Cell) -> None:
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = is_formula(value)  # and it stays a text when somebody edits it
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.alignment = Alignment(vertical="top")
    if isinstance(value, Share):
        cell.value, cell.number_format = value.value, "0.0%"
        return
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    cell.number_format = next((form for kind, form in _FORMATS if isinstance(value, kind)), "General")


def _lay_out(page: Worksheet, sheet: Sheet, head: int) -> None:
    for place, words in enumerate(sheet.header):
        column = [words, *(told(row[place]) for row in sheet.rows if place < len(row))]
        widest = (
            max(width_of(text, 1.0) / 0.5 for text in column) + 2
        )  # in digits, which are about half as wide as high
        page.column_dimensions[get_column_letter(place + 1)].width = min(max(widest, _NARROWEST), _WIDEST)
    page.freeze_panes = f"A{head + 1}"
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = "9"  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("&P / &N"))
