"""A box to tick; required means that it must be ticked."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.fields.core import UnboundField

from app.forms.component_type import InputType
from app.forms.definition import Component
from app.forms.input_field import InputField
from app.forms.scope import FormScope


class CheckboxInput(InputField):
    """True or false, never null."""

    has_companion = True

    def parse(self, texts: Sequence[str]) -> object:
        return any(texts)

    def read_default(self, value: object) -> object:
        return value is True

    @property
    def is_empty(self) -> bool:
        return self.data is not True

    @property
    def sent_texts(self) -> list[str]:
        return ["yes"] if self.data is True else [""]


class Checkbox(InputType):
    """A box to tick."""

    name = "checkbox"
    validations = frozenset({"required"})

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        return UnboundField(CheckboxInput, component=component, scope=scope)
