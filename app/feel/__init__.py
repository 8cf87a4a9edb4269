"""FEEL, the expression language of DMN 1.5, and nothing else: no part of the project is needed.

expression = compile_expression('complaint_level = "major" and score < 60')
result = expression.evaluate(variables, Environment(now, zone))
"""

from app.feel.budget import DEFAULT_BUDGET, Budget
from app.feel.codec import decode, encode
from app.feel.conversion import from_python, to_python
from app.feel.environment import Environment, WorkingCalendar
from app.feel.errors import (
    BudgetExceeded,
    EvaluationStopped,
    FeelError,
    FeelSyntaxError,
    NotRepresentable,
    UntranslatableExpression,
)
from app.feel.expression import (
    Expression,
    Result,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from app.feel.json_text import read_json, write_json
from app.feel.juel import translate_juel
from app.feel.literal_text import write_literal
from app.feel.notices import Notice, Position
from app.feel.values.dates import Date
from app.feel.values.durations import DaysDuration, MonthsDuration
from app.feel.values.kinds import kind_of as type_name
from app.feel.values.moments import DateTime
from app.feel.values.ranges import Range
from app.feel.values.times import Time
from app.feel.values.zones import Zone

__all__ = [
    "DEFAULT_BUDGET",
    "Budget",
    "BudgetExceeded",
    "Date",
    "DateTime",
    "DaysDuration",
    "Environment",
    "EvaluationStopped",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "MonthsDuration",
    "NotRepresentable",
    "Notice",
    "Position",
    "Range",
    "Result",
    "Time",
    "UnaryTests",
    "UntranslatableExpression",
    "WorkingCalendar",
    "Zone",
    "compile_expression",
    "compile_unary_tests",
    "decode",
    "encode",
    "from_python",
    "read_json",
    "to_python",
    "translate_juel",
    "type_name",
    "write_json",
    "write_literal",
]
