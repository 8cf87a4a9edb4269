"""What is left to each fills up again with time, and one does not take another's (W51)."""

from app.web.rate_limits import MOST_KEPT, Limit, RateLimits


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _limits(clock: _Clock) -> RateLimits:
    return RateLimits({"search": Limit(3, 60), "upload": Limit(1, 6)}, clock)


def test_w51_so_many_at_once_then_as_time_goes_by() -> None:
    clock = _Clock()
    limits = _limits(clock)
    assert [limits.take("search", "a") for _ in range(4)] == [0, 0, 0, 1]
    clock.now = 0.5
    assert limits.take("search", "a") == 0.5
    clock.now = 1.0
    assert limits.take("search", "a") == 0
    assert limits.take("search", "a") > 0
    clock.now = 1000
    assert [limits.take("search", "a") > 0 for _ in range(4)] == [False, False, False, True]


def test_w51_each_kind_and_person_of_their_own() -> None:
    limits = _limits(_Clock())
    assert limits.take("upload", "a") == 0
    assert limits.take("upload", "a") == 10
    assert limits.take("upload", "b") == limits.take("search", "a") == 0
    assert [limits.take("upload", "office", times=2) for _ in range(3)] == [0, 0, 5]


def test_memory_is_bounded() -> None:
    limits = _limits(_Clock())
    for number in range(MOST_KEPT + 5):
        limits.take("search", str(number))
    assert len(limits._left) <= MOST_KEPT
