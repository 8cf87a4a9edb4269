"""Reading exports: encodings, kinds of files, limits."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from app.spreadsheets import MissingColumns, UnreadableFile
from app.visit_files import read_table, sample_csv, sample_table

TODAY = date(2026, 5, 20)


def workbook(table: list[tuple[object, ...]]) -> bytes:
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_reads_the_same_in_every_encoding(encoding: str) -> None:
    table = sample_table(40, TODAY)
    read = read_table(sample_csv(table, encoding))
    assert len(read.rows) == 40
    assert read.rows[0].number == 2
    assert read.rows[0].texts["customer_name"] == table[1][2]


def test_xlsx_reads_the_same_as_csv() -> None:
    table = sample_table(40, TODAY)
    assert read_table(workbook(list(table))).rows == read_table(sample_csv(table, "utf-8")).rows


def test_xlsx_numbers_and_dates_become_the_texts_people_see() -> None:
    header = ("单号", "客户姓名", "手机", "VIN", "交车时间")
    row = ("RO1", "安宁", 10012345678.0, "ZZZFTRFX0TA000218", datetime(2026, 5, 1, 9, 30))  # noqa: DTZ001
    texts = read_table(workbook([header, row])).rows[0].texts
    assert texts["phone"] == "10012345678"
    assert texts["handed_over_at"] == "2026-05-01 09:30:00"


def test_tabs_and_semicolons_separate_too() -> None:
    for delimiter in "\t;":
        text = delimiter.join(("单号", "客户", "电话", "车架号", "出厂日期")) + "\n" + delimiter.join("abcde")
        assert read_table(text.encode()).rows[0].texts["order_number"] == "a"


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(MissingColumns) as refusal:
        read_table("单号,客户姓名\n1,2\n".encode())
    assert "联系电话" in str(refusal.value)
    assert "vin" in str(refusal.value)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xff\xfe\x00\x01\x02\x00", b"%PDF-1.7\x00\x00\xff", b"PK\x03\x04 but broken"]
)
def test_what_is_no_export_is_refused(content: bytes) -> None:
    with pytest.raises((UnreadableFile, MissingColumns)):
        read_table(content)


def test_W46_a_workbook_that_unpacks_into_too_much_is_refused_before_unpacking() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    with pytest.raises(UnreadableFile, match="unpacks"):
        read_table(content.getvalue())


def test_a_cell_without_end_is_refused() -> None:
    text = "单号,客户,电话,vin,出厂日期\n" + "x" * 3000 + ",b,c,d,e\n"
    with pytest.raises(UnreadableFile, match="characters"):
        read_table(text.encode())
