"""CSV that people open with a spreadsheet program."""

import csv
import io

import pytest

from app.spreadsheets import csv_file, plain_cell

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "   +cmd", "＝1+1", "－2", "=HYPERLINK(\"x\")",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_w49_no_cell_is_a_formula(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["林小禾", "a=1", "1-2", "", "lin.xiao@example.com"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert plain_cell(text) == text


def test_excel_finds_the_characters_and_the_cells() -> None:
    content = csv_file([("姓名", "说明"), ("林小禾", 'says "no", twice'), ("=1", "a\nb")])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["姓名", "说明"], ["林小禾", 'says "no", twice'], ["'=1", "a\nb"]]
