import json
from pathlib import Path

import pytest

from app.files import clean_name
from app.files.names import LONGEST_NAME, extension_of

NAMES: list[str] = json.loads((Path(__file__).parents[2] / "resources" / "files" / "names.json").read_text())


@pytest.mark.parametrize("raw", NAMES)
def test_w45_a_hostile_name_is_a_harmless_text(raw: str) -> None:
    name = clean_name(raw)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set("/\\\r\n\t\0\u202e\u200b\ufeff")
    name.encode()  # no lone halves
    assert not name.startswith(".")


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("../../报告.pdf", "报告.pdf"),
        ("C:\\Users\\a\\b.txt", "b.txt"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("e\u0301te.txt", "éte.txt"),
        ("notes.txt . ", "notes.txt"),
    ],
)
def test_what_is_left_of_a_name(raw: str, name: str) -> None:
    assert clean_name(raw) == name


def test_a_long_name_keeps_its_extension() -> None:
    assert clean_name("x" * 500 + ".pdf").endswith("x.pdf")


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.PDF", "pdf"), ("a.tar.gz", "gz"), ("pdf", ""), (".pdf", ""), ("a.", ""), ("a.averyverylongone", "")],
)
def test_extension(name: str, extension: str) -> None:
    assert extension_of(name) == extension
