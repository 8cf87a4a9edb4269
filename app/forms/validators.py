"""Checks of one answer, after form-js's `validate`; limits may be expressions."""

from __future__ import annotations

from decimal import Decimal

import re2
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from app.forms.input_field import InputField
from app.i18n import N_

DEFAULT_MAX_LENGTH = Decimal(10_000)
EMAIL = r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$"
PHONE = r"^\+?[0-9](?:[ -]?[0-9]){5,18}$"


def _limit(field: InputField, name: str) -> Decimal | None:
    limit = field.component.setting(name, field.scope)
    return Decimal(str(limit)) if isinstance(limit, (int, float, Decimal, str)) and str(limit) else None


def most_characters(field: InputField) -> Decimal:
    """What maxLength says, or what is reasonable where the form says nothing."""
    most = _limit(field, "maxLength")
    return DEFAULT_MAX_LENGTH if most is None else most


def check_length(form: BaseForm, field: InputField) -> None:
    """Check minLength and maxLength, counted without blanks around."""
    del form
    length = len(str(field.data).strip())
    least, most = _limit(field, "minLength"), most_characters(field)
    if least is not None and length < least:
        raise ValidationError(field.say(N_("Write at least %(least)s characters."), least=least))
    if length > most:
        raise ValidationError(field.say(N_("Write at most %(most)s characters."), most=most))


def check_range(form: BaseForm, field: InputField) -> None:
    """Check min and max of a number."""
    del form
    least, most = _limit(field, "min"), _limit(field, "max")
    if not isinstance(field.data, Decimal):
        return
    if least is not None and field.data < least:
        raise ValidationError(field.say(N_("Enter %(least)s or more."), least=least))
    if most is not None and field.data > most:
        raise ValidationError(field.say(N_("Enter %(most)s or less."), most=most))


def check_pattern(form: BaseForm, field: InputField) -> None:
    """Check pattern, found anywhere in the text as in form-js; RE2 answers in linear time whatever the pattern."""
    del form
    pattern = field.component.setting("pattern", field.scope)
    if pattern and not re2.search(pattern, str(field.data)):
        own_message = field.component.text("patternErrorMessage", field.scope)
        raise ValidationError(own_message or field.say(N_("This does not have the right form.")))


def check_kind_of_text(form: BaseForm, field: InputField) -> None:
    """Check validationType: email or phone."""
    del form
    kind = field.component.setting("validationType", field.scope)
    text = str(field.data).strip()
    if kind == "email" and not re2.search(EMAIL, text):
        raise ValidationError(field.say(N_("Enter an e-mail address such as name@example.org.")))
    if kind == "phone" and not re2.search(PHONE, text):
        raise ValidationError(field.say(N_("Enter a phone number: digits, with + and the country code where needed.")))
