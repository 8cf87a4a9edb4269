"""What text fields and text areas share."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.fields.core import UnboundField

from app.forms.component_type import InputType
from app.forms.definition import Component
from app.forms.input_field import InputField
from app.forms.scope import FormScope
from app.forms.validators import check_kind_of_text, check_length, check_pattern, most_characters


class TextInput(InputField):
    """A text; blanks around it are dropped, a text of blanks is no answer."""

    def parse(self, texts: Sequence[str]) -> object:
        text = texts[0].replace("\r\n", "\n").replace("\0", "").strip() if texts else ""
        return text or None

    @property
    def most_characters(self) -> int:
        return int(most_characters(self))


class TextInputType(InputType):
    """A field of letters."""

    validations = frozenset(
        {"required", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}
    )

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        validators = [check_length, check_pattern, check_kind_of_text]
        return UnboundField(TextInput, component=component, scope=scope, validators=validators)
