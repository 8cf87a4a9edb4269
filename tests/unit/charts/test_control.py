"""The p-chart's limits and rules, computed by hand: with a mean of 10 % and samples of 100, one deviation is 3 %."""

import pytest

from app.charts import Rule, Sample, p_chart

FIRST, SECOND, THIRD, FOURTH = Rule


def of_hundred(counts: list[int]) -> list[Sample]:
    return [Sample(f"M{place}", count, 100) for place, count in enumerate(counts)]


def test_limits_vary_with_the_size_of_the_sample() -> None:
    chart = p_chart([Sample("a", 10, 100), Sample("b", 40, 400), Sample("c", 5, 25), Sample("d", 0, 25)])
    assert chart.mean == pytest.approx(55 / 550)
    limits = [(round(point.lower, 9), round(point.upper, 9)) for point in chart.points]
    # 0.1 -+ 3 * sqrt(0.1 * 0.9 / n): n = 100 -> 0.03, 400 -> 0.015, 25 -> 0.06, never below nothing
    assert limits == [(0.01, 0.19), (0.055, 0.145), (0.0, 0.28), (0.0, 0.28)]
    assert [point.share for point in chart.points] == [0.1, 0.1, 0.2, 0.0]


PATTERNS = [
    pytest.param([10, 20, 0, 10], {1: (FIRST,), 2: (FIRST,)}, id="beyond three deviations, on either side"),
    pytest.param([5, 5, 6, 17, 10, 17], {5: (SECOND,)}, id="two of three beyond two"),
    pytest.param([5, 5, 5, 14, 14, 9, 14, 14], {7: (THIRD,)}, id="four of five beyond one"),
    pytest.param([2, *[11] * 8], {8: (FOURTH,)}, id="eight in a row on one side"),
    pytest.param([3, *[11] * 7], {}, id="seven in a row are chance"),
    pytest.param([16, 4, 10, 10], {}, id="exactly two deviations are not beyond them"),
    pytest.param([3, 17, 10, 10], {}, id="two of three, but on different sides"),
]


@pytest.mark.parametrize(("counts", "expected"), PATTERNS)
def test_each_rule_names_the_point_that_completes_its_pattern(counts: list[int], expected: dict[int, object]) -> None:
    assert {place: point.broken for place, point in enumerate(p_chart(of_hundred(counts)).points) if point.broken} == (
        expected
    )


@pytest.mark.parametrize("counts", [[5, 5, 6, 17, 10, 17], [5, 5, 5, 14, 14, 9, 14, 14], [2, *[11] * 8]])
def test_the_rules_hold_below_the_mean_as_well(counts: list[int]) -> None:
    above, below = (p_chart(of_hundred(each)) for each in (counts, [20 - count for count in counts]))
    assert [point.broken for point in above.points] == [point.broken for point in below.points]


def test_a_sample_of_nothing_neither_breaks_nor_ends_a_pattern() -> None:
    samples = of_hundred([5, 5, 6, 17, 10, 17])
    chart = p_chart([*samples[:4], Sample("closed", 0, 0), *samples[4:]])
    assert chart.points[4].share is None
    assert [point.sample.label for point in chart.violations] == ["M5"]


@pytest.mark.parametrize(
    "samples", [[], [Sample("a", 0, 0)], [Sample("a", 0, 9), Sample("b", 0, 5)], [Sample("a", 3, 3)]]
)
def test_without_variation_nothing_stands_out(samples: list[Sample]) -> None:
    assert p_chart(samples).violations == ()


def test_more_than_the_sample_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="4 of 3"):
        Sample("a", 4, 3)
