"""Tables people send and get: CSV and XLSX read within limits, and written without formulas. Knows no database."""

from app.spreadsheets.cells import Cell, Share
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
from app.spreadsheets.workbooks import Sheet, csv_of, xlsx_file
from app.spreadsheets.writing import csv_file, plain_cell

__all__ = [
    "Cell",
    "Column",
    "FileRow",
    "FileTable",
    "MissingColumns",
    "Problem",
    "Share",
    "Sheet",
    "UnreadableFile",
    "UploadedTable",
    "csv_file",
    "csv_of",
    "map_header",
    "plain_cell",
    "problems_json",
    "read_table",
    "read_uploaded",
    "xlsx_file",
]
