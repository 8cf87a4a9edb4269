"""A number, kept as a decimal to its last digit."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from app.forms.component_type import ComponentReader, InputType
from app.forms.definition import Component
from app.forms.input_field import InputField
from app.forms.scope import FormScope
from app.forms.validators import check_range
from app.i18n import N_

MOST_DIGITS = 34  # of FEEL's numbers


class NumberInput(InputField):
    """Accepts full-width digits, which Chinese input methods write, and blanks between thousands."""

    def parse(self, texts: Sequence[str]) -> object:
        text = unicodedata.normalize("NFKC", texts[0] if texts else "").replace(" ", "").replace("_", "x")
        if not text:
            return None
        number = _number(text)
        if number is None:
            raise ValueError(self.say(N_("Enter a number such as 1280.50.")))
        return number

    def write(self, value: object) -> str:
        return f"{value:f}" if isinstance(value, Decimal) else super().write(value)

    @property
    def decimal_places(self) -> int | None:
        places = self.component.setting("decimalDigits", self.scope)
        return None if places is None else int(places)


def _number(text: str) -> Decimal | None:
    """A number FEEL can hold; infinity and the like are none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    size = max(len(number.as_tuple().digits), abs(number.adjusted())) if number.is_finite() else MOST_DIGITS + 1
    return number if size <= MOST_DIGITS else None


def check_decimal_places(form: BaseForm, field: NumberInput) -> None:
    """Refuse more digits after the point than decimalDigits."""
    del form
    places = field.decimal_places
    if places is None or not isinstance(field.data, Decimal):
        return
    if field.data != round(field.data, places):
        if places == 0:
            raise ValidationError(field.say(N_("Enter a whole number.")))
        raise ValidationError(field.say(N_("Enter at most %(places)s decimal places."), places=places))


class Number(InputType):
    """A decimal number."""

    name = "number"
    settings = frozenset({"decimalDigits"})
    validations = frozenset({"required", "min", "max"})

    def check(self, reader: ComponentReader) -> None:
        places = reader.attributes.get("decimalDigits", 0)
        if not isinstance(places, int) or not 0 <= places <= MOST_DIGITS:
            reader.refuse(N_("%(component)s: decimalDigits must be a whole number from 0 to 34."))

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        validators = [check_range, check_decimal_places]
        return UnboundField(NumberInput, component=component, scope=scope, validators=validators)
