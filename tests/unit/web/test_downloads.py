"""Files to save have one safe name, whatever it is made of (W47)."""

import json
from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

from app.files import clean_name
from app.web.downloads import disposition, download


@pytest.mark.parametrize(
    "name", ["people.csv", "人员.csv", 'a"; filename="evil.exe', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "a;b.csv"]
)
def test_w47_header_names_one_file(name: str) -> None:
    header = download(b"x", name, "text/csv").headers["Content-Disposition"]
    assert "\r" not in header
    assert "\n" not in header
    kind, options = parse_options_header(header)
    assert kind == "attachment"
    assert options["filename"] == name
    assert header.count("filename=") == 1


NAMES: list[str] = json.loads((Path(__file__).parents[2] / "resources" / "files" / "names.json").read_text())


@pytest.mark.parametrize("raw", NAMES)
def test_w47_the_header_of_any_file_has_one_name(raw: str) -> None:
    name = clean_name(raw)
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    kind, parameters = parse_options_header(header)
    assert kind == "attachment"
    assert parameters == {"filename": name}  # filename* counts where both are there (RFC 6266, 4.3)
    plain = parse_options_header(header.partition(" filename*")[0])[1]["filename"]
    assert len(plain) == len(name)
    assert not set(header.partition("filename*=UTF-8''")[2]) & set(' ";,\\')


def test_w47_a_plain_name_stays_readable() -> None:
    assert disposition("a b.pdf") == "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"
