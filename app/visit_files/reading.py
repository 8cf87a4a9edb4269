"""Reads CSV (UTF-8, GB18030) and XLSX into rows of text, within limits that a hostile file cannot pass."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from app.errors import InvalidInput
from app.i18n import N_
from app.visit_files.columns import map_header

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
MAX_CELL = 2_000
MAX_UNPACKED = 100_000_000
MAX_RATIO = 200
MAX_ENTRIES = 1_000


class UnreadableFile(InvalidInput):
    """The file is none of the kinds we read, or breaks a limit."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: its line in the file (the header is line 1) and its texts by our field names."""

    number: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class VisitTable:
    """A file as read: which of our fields it has, and its rows."""

    fields: frozenset[str]
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """An export as uploaded: its name, the hash of its bytes, its rows."""

    file_name: str
    sha256: str
    table: VisitTable


def read_export(content: bytes, file_name: str) -> Export:
    """Read an export and keep what proves which file it was. Raises what `read_table` raises."""
    return Export(file_name, hashlib.sha256(content).hexdigest(), read_table(content))


def read_table(content: bytes) -> VisitTable:
    """Read an export; the kind of file is told by its bytes, not by its name.

    Raises UnreadableFile, or MissingColumns where the header lacks what is needed.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFile(N_("The file is larger than %(megabytes)s MB. Export a shorter period."), megabytes=10)
    lines = _xlsx_lines(content) if content[:4] == b"PK\x03\x04" else _csv_lines(content)
    header: Sequence[str] | None = None
    rows: list[FileRow] = []
    columns = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header, columns = cells, dict(map_header(cells))
            continue
        if len(rows) == MAX_ROWS:
            raise UnreadableFile(N_("The file has more than %(rows)s rows. Export a shorter period."), rows=MAX_ROWS)
        texts = {column.field: cells[place].strip() if place < len(cells) else "" for place, column in columns.items()}
        rows.append(FileRow(number, texts))
    if header is None:
        raise UnreadableFile(N_("The file is empty. Choose the export of the dealer system."))
    return VisitTable(frozenset(column.field for column in columns.values()), tuple(rows))


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
