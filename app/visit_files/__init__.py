"""Exports of a dealer system: reading the file, checking its rows, making a sample. Knows no database."""

from app.visit_files.checking import CheckedVisit, Problem, check_row
from app.visit_files.columns import COLUMNS, MissingColumns, VisitColumn, map_header
from app.visit_files.reading import Export, FileRow, UnreadableFile, VisitTable, read_export, read_table
from app.visit_files.sample import sample_csv, sample_table

__all__ = [
    "COLUMNS",
    "CheckedVisit",
    "Export",
    "FileRow",
    "MissingColumns",
    "Problem",
    "UnreadableFile",
    "VisitColumn",
    "VisitTable",
    "check_row",
    "map_header",
    "read_export",
    "read_table",
    "sample_csv",
    "sample_table",
]
