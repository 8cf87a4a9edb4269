"""Charts as pages and documents show them: drawn for the room there is, the same numbers beside them as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from app.charts import (
    NARROW,
    PAPER,
    WIDE,
    Bone,
    Caption,
    ControlChart,
    ControlWords,
    ParetoBar,
    RateBar,
    Rule,
    TrendPoint,
    control_svg,
    fishbone_svg,
    pareto_svg,
    percent,
    plain,
    rate_bars_svg,
    trend_svg,
)
from app.i18n import N_
from app.web.texts import gettext

RULES = {
    Rule.BEYOND_LIMITS: N_("beyond the control limits"),
    Rule.TWO_OF_THREE: N_("two of three in a row beyond two standard deviations on one side"),
    Rule.FOUR_OF_FIVE: N_("four of five in a row beyond one standard deviation on one side"),
    Rule.EIGHT_IN_A_ROW: N_("eight in a row on one side of the mean"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, its table, and sentences that say what stands out; `draw` takes a width and a style."""

    caption: Caption
    draw: Callable[..., str]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    is_small: bool = False  # two of them stand side by side on paper

    @property
    def wide(self) -> Markup:
        """For a page."""
        return Markup(self.draw(width=WIDE))  # noqa: S704 - our own drawing; lxml escapes its texts

    @property
    def narrow(self) -> Markup:
        """For a telephone."""
        return Markup(self.draw(width=NARROW))  # noqa: S704

    @property
    def paper(self) -> Markup:
        """For a document, which brings no style of its own for charts."""
        return Markup(self.draw(width=NARROW if self.is_small else WIDE, style=PAPER))  # noqa: S704


def control_figure(chart: ControlChart, caption: Caption) -> Figure:
    """A control chart; each broken rule is a sentence that names its point."""
    words = ControlWords(
        gettext("UCL"), gettext("mean"), gettext("LCL"), {rule: gettext(text) for rule, text in RULES.items()}
    )
    header = (
        gettext("Period"), gettext("Count"), gettext("of"), gettext("Share"), gettext("Lower limit"),
        gettext("Upper limit"), gettext("Broken rules"),
    )  # fmt: skip
    rows = tuple(
        (
            point.sample.label, str(point.sample.count), str(point.sample.size), percent(point.share),
            percent(point.lower), percent(point.upper), ", ".join(str(rule.value) for rule in point.broken),
        )
        for point in chart.points
    )  # fmt: skip
    notes = tuple(
        gettext(
            "%(period)s: %(rule)s (rule %(number)s)",
            period=point.sample.label,
            rule=words.rules[rule],
            number=rule.value,
        )
        for point in chart.violations
        for rule in point.broken
    )
    return Figure(caption, partial(control_svg, chart, caption, words), header, rows, notes)


def pareto_figure(bars: Sequence[ParetoBar], caption: Caption) -> Figure:
    """A Pareto chart."""
    header = (gettext("Kind"), gettext("Count"), gettext("Cumulated share"))
    rows = tuple((bar.name, str(bar.count), percent(bar.cumulated)) for bar in bars)
    return Figure(caption, partial(pareto_svg, bars, caption), header, rows)


def most_frequent_figure(bars: Sequence[ParetoBar], title: str) -> Figure:
    """A Pareto chart whose sentence names the first bar; there is at least one."""
    words = gettext("%(kind)s happens most: %(count)s.", kind=bars[0].name, count=bars[0].count)
    return pareto_figure(bars, Caption(title, words))


def trend_figure(
    points: Sequence[TrendPoint], caption: Caption, *, target: float | None = None, is_share: bool = True
) -> Figure:
    """A figure month by month. Arguments: is_share, values from 0 to 1 shown as percentages."""
    line = None if target is None else (target, gettext("Target"))
    header = (gettext("Month"), gettext("Figure"))
    told = percent if is_share else plain
    rows = tuple((point.label, told(point.value)) for point in points)
    draw = partial(trend_svg, points, caption, target=line, is_share=is_share)
    return Figure(caption, draw, header, rows, is_small=True)


def fishbone_figure(effect: str, bones: Sequence[Bone], caption: Caption) -> Figure:
    """A cause-and-effect diagram."""
    header = (gettext("Category"), gettext("Cause"), gettext("Count"))
    rows = tuple((bone.name, cause.name, str(cause.count)) for bone in bones for cause in bone.causes)
    return Figure(caption, partial(fishbone_svg, effect, bones, caption), header, rows)


def rates_figure(bars: Sequence[RateBar], caption: Caption, who: str, *, target: float | None = None) -> Figure:
    """Rates side by side. Arguments: who, the heading of the names (person, group, site)."""
    header = (who, gettext("Rate"), gettext("Counts"))
    rows = tuple((bar.name, percent(bar.rate), bar.note) for bar in bars)
    return Figure(caption, partial(rate_bars_svg, bars, caption, target=target), header, rows)
