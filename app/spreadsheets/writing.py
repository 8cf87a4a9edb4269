"""Writes CSV that spreadsheet programs open with the right characters and without running anything (W49)."""

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet program takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file of these rows, in UTF-8 with a mark that Excel knows it by; no cell is a formula."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([plain_cell(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def plain_cell(text: str) -> str:
    """The text such that it stays a text: an apostrophe before what would be a formula, also behind blanks."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
