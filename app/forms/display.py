"""FEEL values as people read them, in their language and the site's zone."""

from datetime import date, datetime, time
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from app import feel
from app.forms.messages import translate
from app.forms.scope import FormScope
from app.i18n import N_


def display_text(value: object, scope: FormScope) -> str:
    """The text for a value inside a sentence; null is nothing, lists are joined."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return translate(scope.locale, N_("yes") if value else N_("no"))
    if isinstance(value, Decimal):
        return format_decimal(value, locale=scope.locale, decimal_quantization=False)
    if isinstance(value, list):
        separator = "、" if scope.locale.startswith("zh") else ", "
        return separator.join(display_text(item, scope) for item in value)
    return _temporal(value, scope)


def _temporal(value: object, scope: FormScope) -> str:
    try:
        moment = feel.to_python(value)
    except feel.NotRepresentable:
        return str(value)
    if isinstance(moment, datetime):
        if moment.tzinfo is not None:
            moment = moment.astimezone(scope.environment.zone)
        return f"{format_date(moment, 'medium', locale=scope.locale)} {moment:%H:%M}"
    if isinstance(moment, date):
        return format_date(moment, "long", locale=scope.locale)
    if isinstance(moment, time):
        return f"{moment:%H:%M}"
    return str(value)
