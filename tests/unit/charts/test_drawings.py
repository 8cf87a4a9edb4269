"""What is drawn: the right heights and orders, every text inside, everything said in words too."""

from collections.abc import Callable, Iterator

import pytest
from lxml import etree

from app.charts import (
    NARROW,
    PAPER,
    WIDE,
    Bone,
    Caption,
    Cause,
    ControlWords,
    ParetoBar,
    RateBar,
    Rule,
    Sample,
    TrendPoint,
    control_svg,
    fishbone_svg,
    p_chart,
    pareto,
    pareto_svg,
    percent,
    rate_bars_svg,
    trend_svg,
)
from app.charts.scale import ticks
from app.svg import width_of

CAPTION = Caption("客户不满意率 <3DC>", "十二个月，两处超出控制限")
WORDS = ControlWords("上限 UCL", "均值", "下限 LCL", {rule: f"第{rule.value}条" for rule in Rule})
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]
LONG = "解释费用不清楚并且等待时间太长"
CONTROL = p_chart([Sample(month, 30 if month == "2026-04" else 5, 100) for month in MONTHS])
BARS = pareto([("等待", 5), ("价格", 12), (LONG, 2), ("没有发生", 0), ("Cleanliness of the car", 1)])
BONES = [Bone(name, (Cause(LONG, 12), Cause("缺件", 1)) * 3) for name in "人机料法环"]
RATES = [RateBar(LONG, 0.96, "48/50"), RateBar("新人", None, "0/0")]
CHARTS: list[Callable[..., str]] = [
    lambda **how: control_svg(CONTROL, CAPTION, WORDS, **how),
    lambda **how: pareto_svg(BARS, CAPTION, **how),
    lambda **how: trend_svg([TrendPoint(month, 0.93) for month in MONTHS], CAPTION, target=(0.9, "目标"), **how),
    lambda **how: fishbone_svg(LONG, BONES, CAPTION, **how),
    lambda **how: rate_bars_svg(RATES, CAPTION, target=0.9, **how),
]  # fmt: skip


def read(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def drawn(root: etree._Element, name: str, kind: str) -> list[etree._Element]:
    return [entry for entry in root.iter(f"{{*}}{name}") if entry.get("class") == kind]


def words_of(svg: str) -> list[str]:
    return [entry.text or "" for entry in read(svg).iter("{*}text")]


def edges_of_texts(root: etree._Element) -> Iterator[tuple[str, float, float, float]]:
    for entry in root.iter("{*}text"):
        x, wide = float(entry.get("x", "")), width_of(entry.text or "", 12)
        left = x - {"middle": wide / 2, "end": wide}.get(entry.get("text-anchor", ""), 0.0)
        yield entry.text or "", left, left + wide, float(entry.get("y", ""))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("chart", CHARTS)
def test_every_text_lies_inside_and_the_whole_is_told(chart: Callable[..., str], width: float) -> None:
    root = read(chart(width=width))
    assert root.get("role") == "img"
    assert (root.findtext("{*}title"), root.findtext("{*}desc")) == (CAPTION.title, CAPTION.description)
    height = float(root.get("height", ""))
    for text, left, right, y in edges_of_texts(root):
        assert left >= -1, text
        assert right <= width + 1, text
        assert 10 <= y <= height, text


@pytest.mark.parametrize("chart", CHARTS)
def test_on_paper_a_drawing_brings_its_style(chart: Callable[..., str]) -> None:
    page, paper = read(chart()), read(chart(style=PAPER))
    assert page.find("{*}style") is None
    style = paper.findtext("{*}style") or ""
    used = {entry.get("class") for entry in paper.iter() if entry.get("class")} - {"ch"}
    assert [kind for kind in used if f".{kind}{{" not in style and f".{kind}," not in style] == []


def test_a_control_chart_marks_the_points_and_says_the_rules() -> None:
    root = read(control_svg(CONTROL, CAPTION, WORDS))
    told = [bad.findtext("{*}title") for bad in drawn(root, "circle", "ch-bad")]
    assert told == ["2026-04: 30% (30/100)\n1: 第1条", "2026-12: 5% (5/100)\n4: 第4条"]
    assert len(drawn(root, "circle", "ch-point")) == 10
    assert "均值 7.1%" in words_of(etree.tostring(root).decode())  # 85 of 1,200


def test_limits_are_drawn_where_they_are() -> None:
    chart = p_chart([Sample("a", 10, 100), Sample("b", 40, 400)])
    root = read(control_svg(chart, CAPTION, WORDS))
    # The field is 206 high (26 to 232) and ends at 20 %: 19 % lies at 36.3, 14.5 % at 82.6.
    upper = drawn(root, "path", "ch-limit")[0].get("d", "")
    assert [part.split("H")[0].split(" ")[1] for part in upper[1:].split("L")] == ["36.3", "82.6"]


def test_pareto_orders_and_adds_up() -> None:
    assert (
        ParetoBar("价格", 12, 0.6), ParetoBar("等待", 5, 0.85), ParetoBar(LONG, 2, 0.95),
        ParetoBar("Cleanliness of the car", 1, 1.0),
    ) == BARS  # fmt: skip
    root = read(pareto_svg(BARS, CAPTION))
    heights = [float(bar.get("height", "")) for bar in drawn(root, "rect", "ch-bar")]
    assert [round(height / heights[-1]) for height in heights] == [12, 5, 2, 1]
    (line,) = drawn(root, "polyline", "ch-sum")
    rises = [float(pair.split(",")[1]) for pair in line.get("points", "").split()]
    assert rises[-1] == pytest.approx(22)  # the top of the field: all of them
    assert pareto([]) == ()


def test_a_month_without_a_figure_interrupts_the_line() -> None:
    points = [TrendPoint(month, None if month == "2026-04" else 0.5) for month in MONTHS]
    lines = drawn(read(trend_svg(points, CAPTION)), "polyline", "ch-line")
    assert [len(line.get("points", "").split()) for line in lines] == [3, 8]


def test_a_rate_is_as_long_as_it_is_high() -> None:
    root = read(rate_bars_svg([RateBar("a", 0.5, "1/2"), RateBar("b", None, "")], CAPTION))
    (bar,), tracks = drawn(root, "rect", "ch-bar"), drawn(root, "rect", "ch-track")
    assert float(bar.get("width", "")) == pytest.approx(float(tracks[0].get("width", "")) / 2, abs=0.1)
    assert len(tracks) == 2


@pytest.mark.parametrize(
    ("highest", "is_whole", "expected"),
    [
        (0.07, False, [0.0, 0.02, 0.04, 0.06, 0.08]), (1.0, False, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (3, True, [0.0, 1.0, 2.0, 3.0]), (0, False, [0.0, 1.0]), (142, True, [0.0, 50.0, 100.0, 150.0]),
    ],
)  # fmt: skip
def test_axes_have_round_numbers(highest: float, is_whole: bool, expected: list[float]) -> None:
    assert ticks(highest, is_whole=is_whole) == expected


def test_shares_are_told_with_one_place_at_most() -> None:
    assert [percent(share) for share in (0.125, 0.9, 1.0, 0.0, 2 / 3, None)] == [
        "12.5%",
        "90%",
        "100%",
        "0%",
        "66.7%",
        "–",
    ]


@pytest.mark.parametrize("chart", [
    lambda: control_svg(p_chart([]), CAPTION, WORDS),
    lambda: pareto_svg([], CAPTION), lambda: pareto_svg([], CAPTION, width=NARROW),
    lambda: trend_svg([], CAPTION), lambda: fishbone_svg("", [], CAPTION), lambda: rate_bars_svg([], CAPTION),
])  # fmt: skip
def test_without_figures_there_is_an_empty_chart(chart: Callable[[], str]) -> None:
    assert read(chart()).tag.endswith("svg")
