"""Charts of quality work as SVG: values in, text out. Knows no database, no language and no page."""

from app.charts.control import ControlChart, ControlPoint, Rule, Sample, p_chart
from app.charts.control_drawing import ControlWords, control_svg
from app.charts.fishbone import Bone, Cause, fishbone_svg
from app.charts.paper import PAPER
from app.charts.pareto import ParetoBar, pareto, pareto_svg
from app.charts.plot import NARROW, WIDE, Caption
from app.charts.rate_bars import RateBar, rate_bars_svg
from app.charts.scale import percent, plain
from app.charts.trend import TrendPoint, trend_svg

__all__ = [
    "NARROW",
    "PAPER",
    "WIDE",
    "Bone",
    "Caption",
    "Cause",
    "ControlChart",
    "ControlPoint",
    "ControlWords",
    "ParetoBar",
    "RateBar",
    "Rule",
    "Sample",
    "TrendPoint",
    "control_svg",
    "fishbone_svg",
    "p_chart",
    "pareto",
    "pareto_svg",
    "percent",
    "plain",
    "rate_bars_svg",
    "trend_svg",
]
