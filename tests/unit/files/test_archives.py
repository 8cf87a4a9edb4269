"""Archives that would flood whoever opens them are refused before anything opens them (W46)."""

import io
import resource
import struct
import time
import zipfile

import pytest

from app.files.archives import MOST_ENTRIES, ArchiveUnfit, entries_of
from tests.file_samples import xlsx


def names_in(content: bytes) -> frozenset[str]:
    return entries_of(io.BytesIO(content), len(content))


def zipped(entries: int, each: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for number in range(entries):
            made.writestr(f"e{number}", each)
    return target.getvalue()


def flood(megabytes: int) -> bytes:
    """Made piece by piece: the test itself must not use the memory it watches."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made, made.open("e", "w") as entry:
        for _ in range(megabytes):
            entry.write(bytes(1 << 20))
    return target.getvalue()


def overlapping() -> bytes:
    """All entries of the directory are the same bytes of the file."""
    content = bytearray(zipped(50, b"x" * 100))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 42 : place + 46] = struct.pack("<L", 0)
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def locked() -> bytes:
    content = bytearray(zipped(1, b"secret"))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying_directory() -> bytes:
    """The record at the end says: few entries, a directory of some megabytes."""
    content = bytearray(zipped(10, b"x"))
    place = content.rfind(b"PK\x05\x06")
    content[place + 12 : place + 16] = struct.pack("<L", 8 << 20)
    return bytes(content)


BOMBS = {
    "one entry of 400 MB": lambda: flood(400),
    "ratio": lambda: flood(30),
    "too many entries": lambda: zipped(MOST_ENTRIES + 1, b""),
    "entries that share their bytes": overlapping,
    "locked": locked,
    "a directory that lies": lying_directory,
    "cut off": lambda: zipped(3, b"abc")[:-30],
    "no archive": lambda: b"PK\x03\x04" + bytes(100),
}


@pytest.mark.parametrize("name", BOMBS)
def test_w46_bombs_are_refused_quickly_and_in_little_memory(name: str) -> None:
    content = BOMBS[name]()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with pytest.raises(ArchiveUnfit):
        names_in(content)
    assert time.perf_counter() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10  # kilobytes


def test_w46_a_workbook_of_equal_rows_is_no_bomb() -> None:
    rows = b"".join(b'<row r="%d"><c t="s"><v>%d</v></c></row>' % (n, n % 40) for n in range(60_000))
    assert "xl/workbook.xml" in names_in(xlsx(xl__worksheets__sheet1_xml=rows))
