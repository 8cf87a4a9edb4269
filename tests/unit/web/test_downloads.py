"""Files to save have one safe name, whatever it is made of (W47)."""

import pytest
from werkzeug.http import parse_options_header

from app.web.downloads import download


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
