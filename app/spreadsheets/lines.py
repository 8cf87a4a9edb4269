"""Reads CSV (UTF-8, GB18030) and XLSX into lines of cells, within limits that a hostile file cannot pass."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from app.errors import InvalidInput
from app.i18n import N_

MAX_BYTES = 10_000_000
MAX_CELL = 2_000
MAX_UNPACKED = 100_000_000
MAX_RATIO = 200
MAX_ENTRIES = 1_000


class UnreadableFile(InvalidInput):
    """The file is none of the kinds we read, or breaks a limit."""


def read_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Line numbers (the first is 1) with the cells; the kind of file is told by its bytes, not by its name.

    Raises UnreadableFile.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(N_("The file is larger than %(megabytes)s MB. Divide it."), megabytes=10)
    return _xlsx_lines(content) if content[:4] == b"PK\x03\x04" else _csv_lines(content)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(N_("The file is neither CSV (UTF-8 or GB18030) nor XLSX. Save it as one of these."))


def _csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decode(content)
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max((",", "\t", ";"), key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [_bounded(cell) for cell in cells]
    except csv.Error as error:
        raise UnreadableFile(
            N_("Line %(line)s of the file cannot be read as CSV (%(reason)s)."), line=reader.line_num, reason=str(error)
        ) from error


def _check_archive(content: bytes) -> None:
    """Refuse archives that would unpack into far more than they are, before anything unpacks them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(content):
        raise UnreadableFile(N_("The workbook unpacks into too much data. Save it again or export it as CSV."))


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        _check_archive(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
                yield number, [_bounded(_cell_text(cell)) for cell in cells]
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError) as error:
        raise UnreadableFile(N_("The workbook is damaged. Save it again in the spreadsheet program.")) from error


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # phone numbers and VINs typed as numbers
    return str(cell)


def _bounded(text: str) -> str:
    if len(text) > MAX_CELL:
        raise UnreadableFile(N_("A cell holds more than %(characters)s characters. Shorten it."), characters=MAX_CELL)
    return text
