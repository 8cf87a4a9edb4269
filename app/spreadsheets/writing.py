"""Writes CSV that spreadsheet programs open with the right characters and without running anything (W49)."""

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet program takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file of these rows, in UTF-8 with a mark that Excel knows it by; no cell is a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([plain_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def plain_cell(text: str) -> str:
    """The text such that it stays a text: an apostrophe before what would be a formula."""
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program would take this for a formula, also behind blanks."""
    return text.lstrip(" ").startswith(_FORMULA)
