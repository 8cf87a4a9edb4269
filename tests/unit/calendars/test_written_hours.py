"""Working hours as people write them."""

from datetime import time

import pytest

from app.calendars import Stretch, UnusableHours, read_hours, written_hours

MORNING, AFTERNOON = Stretch(time(8, 30), time(12)), Stretch(time(13, 30), time(18))


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("8:30-12:00, 13:30-18:00", (MORNING, AFTERNOON)),
        ("13:30–18 08:30–12", (MORNING, AFTERNOON)),
        ("8：30至12：00、13：30到18：00", (MORNING, AFTERNOON)),
        ("20-24:00", (Stretch(time(20), time.min),)),
        ("  ", ()),
    ],
)
def test_read(text: str, stretches: tuple[Stretch, ...]) -> None:
    assert read_hours(text) == stretches
    assert read_hours(written_hours(stretches)) == stretches


@pytest.mark.parametrize("text", ["8", "8-12 lunch", "12-8", "8-12, 11-13", "8-25", "8:60-9", "8-12-18", "-"])
def test_refused(text: str) -> None:
    with pytest.raises(UnusableHours):
        read_hours(text)
