from datetime import timedelta

import pytest

from app.operations.job_leases import FIRST_PAUSE, LONGEST_PAUSE, pause_after


@pytest.mark.parametrize(
    ("attempts", "pause"), [(0, FIRST_PAUSE), (1, FIRST_PAUSE), (2, FIRST_PAUSE * 2), (4, FIRST_PAUSE * 8),
                            (60, LONGEST_PAUSE)]
)  # fmt: skip
def test_pauses_double_up_to_a_limit_and_scatter(attempts: int, pause: timedelta) -> None:
    pauses = {pause_after(attempts) for _ in range(50)}
    assert pause <= min(pauses) <= max(pauses) <= pause * 1.25
    assert len(pauses) > 40


def test_pauses_of_the_diagram_are_exact_and_the_last_one_goes_on() -> None:
    delays = (60, 300)
    assert [pause_after(attempts, delays).total_seconds() for attempts in (0, 1, 2, 3, 9)] == [60, 60, 300, 300, 300]
