"""The built-in functions, one group a file, each group an explicit tuple."""

from __future__ import annotations

from collections.abc import Mapping

from app.feel.builtins.booleans import BOOLEAN_FUNCTIONS
from app.feel.builtins.calendar import CALENDAR_FUNCTIONS, WORKING_TIME_FUNCTIONS
from app.feel.builtins.contexts import CONTEXT_FUNCTIONS
from app.feel.builtins.conversions import CONVERSION_FUNCTIONS
from app.feel.builtins.lists import LIST_FUNCTIONS
from app.feel.builtins.numbers import NUMBER_FUNCTIONS
from app.feel.builtins.ranges import RANGE_FUNCTIONS
from app.feel.builtins.registry import table_of
from app.feel.builtins.sorting import SORT_FUNCTIONS
from app.feel.builtins.statistics import STATISTICS_FUNCTIONS
from app.feel.builtins.strings import STRING_FUNCTIONS
from app.feel.builtins.temporal import TEMPORAL_FUNCTIONS
from app.feel.values.callables import FeelFunction

BUILT_INS: Mapping[str, FeelFunction] = table_of(
    BOOLEAN_FUNCTIONS,
    CONVERSION_FUNCTIONS,
    STRING_FUNCTIONS,
    NUMBER_FUNCTIONS,
    LIST_FUNCTIONS,
    STATISTICS_FUNCTIONS,
    SORT_FUNCTIONS,
    CONTEXT_FUNCTIONS,
    RANGE_FUNCTIONS,
    TEMPORAL_FUNCTIONS,
    CALENDAR_FUNCTIONS,
    WORKING_TIME_FUNCTIONS,
)
