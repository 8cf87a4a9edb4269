"""The page on security names for every row a test that exists."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = re.compile(r"^\| (W\d\d) \|.*\| ([^|]+) \|$", re.MULTILINE)


def test_every_row_of_the_security_page_has_tests_of_its_name() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    files: defaultdict[str, str] = defaultdict(str)  # those of one name in different folders together
    for path in (ROOT / "tests").rglob("test_*.py"):
        files[path.name] += path.read_text(encoding="utf-8")
    rows = ROWS.findall(page)
    assert {f"W{number}" for number in range(14, 31)} <= {row for row, _tests in rows}
    for row, tests in rows:
        prefix = f"def test_{row.lower()}_"
        assert any(prefix in content for content in files.values()), row
        for name in re.findall(r"test_\w+\.py", tests):
            assert prefix in files[name] or f"_{row.lower()}_" in files[name], (row, name)
