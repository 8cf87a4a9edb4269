"""Numeric functions (DMN 1.5 clause 10.3.4.5)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from app.feel.builtins.arguments import invalid, out_of_range, whole
from app.feel.builtins.registry import BuiltInFunction, function, metered, pure
from app.feel.evaluation import Evaluation
from app.feel.notices import DIVISION_BY_ZERO, Unanswerable
from app.feel.values.durations import DaysDuration, Duration, MonthsDuration
from app.feel.values.numbers import CONTEXT

_MIN_SCALE, _MAX_SCALE = -6111, 6176
_ZERO = Decimal(0)


def _rounding(name: str, mode: str) -> BuiltInFunction:
    def run(number: Decimal, scale: Decimal) -> Decimal:
        return round_to(name, number, scale, mode)

    return function(name, pure("n: number, scale: number", run))


def round_to(name: str, number: Decimal, scale: Decimal, mode: str) -> Decimal:
    """Round to `scale` digits after the point; a number with fewer digits stays as it is."""
    places = whole(name, scale)
    if not _MIN_SCALE <= places <= _MAX_SCALE:
        raise invalid(name, scale)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return number
    if places < 0 and number.adjusted() + 1 < -places:
        return _rounded_away(number, places, mode)
    return number.quantize(Decimal(1).scaleb(-places), rounding=mode)


def _rounded_away(number: Decimal, places: int, mode: str) -> Decimal:
    """A number below a tenth of the unit: zero, or the unit itself."""
    unit = Decimal(1).scaleb(-places)
    is_up = mode in (ROUND_UP, ROUND_FLOOR if number < 0 else ROUND_CEILING)
    return unit.copy_sign(number) if is_up and number else _ZERO


def _to_scale(name: str, mode: str) -> Callable[..., Decimal]:
    def run(number: Decimal, scale: Decimal | None) -> Decimal:
        return round_to(name, number, _ZERO if scale is None else scale, mode)

    return run


def _abs(number: Decimal | Duration) -> Decimal | Duration:
    if isinstance(number, DaysDuration):
        return DaysDuration(abs(number.nanos))
    if isinstance(number, MonthsDuration):
        return MonthsDuration(abs(number.months))
    return abs(number)


def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the sign of the divisor: dividend - divisor * floor(dividend/divisor)."""
    if divisor == 0:
        raise Unanswerable(DIVISION_BY_ZERO)
    if dividend.adjusted() - divisor.adjusted() > 2000:
        raise invalid("modulo", dividend)
    context = CONTEXT.copy()
    context.prec = 4000
    remainder = context.remainder(dividend, divisor)
    if remainder and (remainder < 0) != (divisor < 0):
        remainder = context.add(remainder, divisor)
    return CONTEXT.plus(remainder)


def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise invalid("sqrt", number)
    return CONTEXT.sqrt(number)


def _log(number: Decimal) -> Decimal:
    if number <= 0:
        raise invalid("log", number)
    return CONTEXT.ln(number)


def _exp(evaluation: Evaluation, number: Decimal) -> Decimal:
    try:
        return evaluation.checked_number(CONTEXT.exp(number))
    except ArithmeticError as error:
        raise out_of_range("exp") from error


def _is_multiple_of_two(number: Decimal) -> bool | None:
    if number != number.to_integral_value():
        return None
    exponent = number.normalize(CONTEXT).as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return True
    return int(number) % 2 == 0


def _odd(number: Decimal) -> bool:
    return _is_multiple_of_two(number) is False


def _even(number: Decimal) -> bool:
    return _is_multiple_of_two(number) is True


NUMBER_FUNCTIONS = (
    _rounding("decimal", ROUND_HALF_EVEN),
    _rounding("round up", ROUND_UP),
    _rounding("round down", ROUND_DOWN),
    _rounding("round half up", ROUND_HALF_UP),
    _rounding("round half down", ROUND_HALF_DOWN),
    function("floor", pure("n: number, scale?: number", _to_scale("floor", ROUND_FLOOR))),
    function("ceiling", pure("n: number, scale?: number", _to_scale("ceiling", ROUND_CEILING))),
    function("abs", pure("n: number", _abs), pure("n: duration", _abs)),
    function("modulo", pure("dividend: number, divisor: number", _modulo)),
    function("sqrt", pure("number: number", _sqrt)),
    function("log", pure("number: number", _log)),
    function("exp", metered("number: number", _exp)),
    function("odd", pure("number: number", _odd)),
    function("even", pure("number: number", _even)),
)
