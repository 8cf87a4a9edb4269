"""What check lists and tag lists share: any number of the options on offer."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms.fields.core import UnboundField

from app.forms.component_type import InputType
from app.forms.definition import Component
from app.forms.input_field import Choice, InputField
from app.forms.options import offered_options
from app.forms.scope import FormScope
from app.i18n import N_


class SeveralChoicesInput(InputField):
    """The values of the chosen options in the order of the form."""

    takes_several = True

    def parse(self, texts: Sequence[str]) -> object:
        chosen = {text for text in texts if text}
        offered = offered_options(self.component, self.scope)
        if chosen - {option.text for option in offered}:
            raise ValueError(self.say(N_("Choose among the options.")))
        return [option.value for option in offered if option.text in chosen]

    @property
    def choices(self) -> Sequence[Choice]:
        selected = self.data if isinstance(self.data, list) else []
        return [
            Choice(option.text, option.value, option.label, option.tone, is_selected=option.value in selected)
            for option in offered_options(self.component, self.scope)
        ]

    @property
    def display(self) -> str:
        labels = [choice.label for choice in self.choices if choice.is_selected]
        return ("、" if self.scope.locale.startswith("zh") else ", ").join(labels)


class SeveralChoicesType(InputType):
    """Any number of options."""

    has_options = True
    settings = frozenset({"valuesKey", "valuesExpression"})
    validations = frozenset({"required"})

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        return UnboundField(SeveralChoicesInput, component=component, scope=scope)
