from datetime import timedelta

from app.operations.jobs import LONGEST_PAUSE, pause_after


def test_pauses_double_up_to_a_limit() -> None:
    assert [pause_after(attempts).seconds for attempts in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert pause_after(0) == timedelta(seconds=2)
    assert pause_after(60) == LONGEST_PAUSE
