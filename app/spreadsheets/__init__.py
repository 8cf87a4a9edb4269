"""Tables people send and get: CSV and XLSX read within limits, CSV written without formulas. Knows no database."""

from app.spreadsheets.lines import UnreadableFile
from app.spreadsheets.tables import (
    Column,
    FileRow,
    FileTable,
    MissingColumns,
    Problem,
    UploadedTable,
    map_header,
    problems_json,
    read_table,
    read_uploaded,
)
from app.spreadsheets.writing import csv_file, plain_cell

__all__ = [
    "Column",
    "FileRow",
    "FileTable",
    "MissingColumns",
    "Problem",
    "UnreadableFile",
    "UploadedTable",
    "csv_file",
    "map_header",
    "plain_cell",
    "problems_json",
    "read_table",
    "read_uploaded",
]
