"""Numbers: decimal floating point with 34 digits (DMN 1.5 clause 10.3.2.3.1)."""

from __future__ import annotations

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_HALF_EVEN,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

DIGITS = 34
CONTEXT = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
_WIDE = Context(prec=DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation, Clamped])


def parse_number(text: str) -> Decimal | None:
    """A number written in digits, rounded to 34 of them; None when it is out of range."""
    try:
        return CONTEXT.plus(_WIDE.create_decimal(text))
    except (InvalidOperation, Overflow):
        return None


def rounded(number: Decimal) -> Decimal:
    """A number of any precision as FEEL holds it."""
    return CONTEXT.plus(number)


def number_text(number: Decimal) -> str:
    """Digits without an exponent and without zeros at the end of the fraction."""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
