"""Exports of a dealer system: which columns we understand, checking rows, making a sample. Knows no database."""

from app.spreadsheets import FileTable, UploadedTable
from app.spreadsheets import read_table as read_any_table
from app.spreadsheets import read_uploaded as read_any_uploaded
from app.visit_files.checking import CheckedVisit, check_row
from app.visit_files.columns import COLUMNS
from app.visit_files.sample import sample_csv, sample_table
from app.visit_files.sample_trade import SampleTrade

__all__ = [
    "COLUMNS", "CheckedVisit", "SampleTrade", "check_row", "read_export", "read_table", "sample_csv", "sample_table",
]  # fmt: skip


def read_export(content: bytes, file_name: str) -> UploadedTable:
    """Read an export and keep what proves which file it was. Raises what `read_table` raises."""
    return read_any_uploaded(content, file_name, COLUMNS)


def read_table(content: bytes) -> FileTable:
    """Read an export. Raises UnreadableFile, or MissingColumns where the header lacks what is needed."""
    return read_any_table(content, COLUMNS)
