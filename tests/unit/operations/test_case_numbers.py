import pytest

from app.operations.case_numbers import initials


@pytest.mark.parametrize(
    ("key", "expected"),
    [("follow_up", "FU"), ("complaint", "CO"), ("monthly-report", "MR"), ("a.b.c", "ABC"), ("x", "X"), ("_", "_")],
)
def test_initials(key: str, expected: str) -> None:
    assert initials(key) == expected
