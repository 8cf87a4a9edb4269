"""What radio buttons and drop-down lists share: one of the options on offer."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.fields.core import UnboundField

from app.forms.component_type import InputType
from app.forms.definition import Component
from app.forms.input_field import Choice, InputField
from app.forms.options import offered_options
from app.forms.scope import FormScope
from app.i18n import N_


class SingleChoiceInput(InputField):
    """The value of the chosen option. What is not on offer is refused."""

    has_companion = True

    def parse(self, texts: Sequence[str]) -> object:
        chosen = next((text for text in texts if text), None)
        if chosen is None:
            return None
        for option in offered_options(self.component, self.scope):
            if option.text == chosen:
                return option.value
        raise ValueError(self.say(N_("Choose one of the options.")))

    @property
    def choices(self) -> Sequence[Choice]:
        return [
            Choice(option.text, option.value, option.label, option.tone, is_selected=option.value == self.data)
            for option in offered_options(self.component, self.scope)
        ]

    @property
    def display(self) -> str:
        return next((choice.label for choice in self.choices if choice.is_selected), super().display)


class SingleChoiceType(InputType):
    """One option."""

    has_options = True
    settings = frozenset({"valuesKey", "valuesExpression"})
    validations = frozenset({"required"})

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        return UnboundField(SingleChoiceInput, component=component, scope=scope)
