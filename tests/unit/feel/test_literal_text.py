"""What is written as a literal evaluates to the very same value."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app import feel

TEXTS = (
    "null", "true", "-12.5", '"a \\"b\\" \\\\ 一句话\\n"', 'date("2026-03-02")', 'time("10:00:00@Asia/Shanghai")',
    'date and time("2026-03-02T10:00:00.5Z")', 'duration("P1DT2H")', 'duration("P14M")', "[1..5)",
    '(date("2026-01-01")..date("2026-02-01")]', '{"two words": [1, {"inner": duration("-PT5M")}], "": []}',
)  # fmt: skip
NOW = feel.Environment(now=datetime(2026, 3, 2, tzinfo=UTC), zone=ZoneInfo("UTC"))


def value_of(text: str) -> object:
    result = feel.compile_expression(text).evaluate({}, NOW)
    assert not result.warnings
    return result.value


@pytest.mark.parametrize("text", TEXTS)
def test_a_literal_has_the_value_it_was_written_for(text: str) -> None:
    value = value_of(text)
    assert feel.encode(value_of(feel.write_literal(value))) == feel.encode(value)


def test_a_function_has_no_literal() -> None:
    with pytest.raises(TypeError):
        feel.write_literal(value_of("function(a) a"))
