"""The WTForms field behind every input: FEEL values in and out, messages in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.fields import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from app import feel
from app.forms.definition import Component
from app.forms.display import display_text
from app.forms.messages import translate
from app.forms.scope import FormScope
from app.i18n import N_

MOST_RAW_CHARACTERS = 20_000  # of one input, whatever the form says


@dataclass(frozen=True, slots=True)
class Choice:
    """An option on offer; `text` is what the page sends for it."""

    text: str
    value: object
    label: str
    tone: str
    is_selected: bool


class InputField(Field):
    """One input. `data` is the FEEL value, null where nothing (or nothing readable) was given."""

    input_type = "text"
    takes_several = False
    has_companion = False  # the page sends an empty text along, so that nothing chosen is seen as well

    def __init__(self, *, component: Component, scope: FormScope, **options: Any) -> None:
        super().__init__(label=component.text("label", scope), **options)
        self.component = component
        self.scope = scope
        self.is_required = bool(component.setting("required", scope))

    # What a kind of input overrides: how a text becomes a value and back.

    def parse(self, texts: Sequence[str]) -> object:
        """The FEEL value of what was sent; raises ValueError with a message for people."""
        return texts[0] if texts and texts[0] else None

    def read_default(self, value: object) -> object:
        """The FEEL value of a default written in the form."""
        return self.parse([value]) if isinstance(value, str) else feel.from_python(value)

    def write(self, value: object) -> str:
        """The text of a value inside the input."""
        return "" if value is None else str(value)

    def process_data(self, value: object) -> None:
        self.data = value

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        if sum(map(len, valuelist)) > MOST_RAW_CHARACTERS:
            raise ValueError(self.say(N_("This is too long.")))
        given = [text for text in valuelist if text] if self.has_companion else valuelist
        if len(given) > 1 and not self.takes_several:
            raise ValueError(self.say(N_("Several answers were sent where one is meant. Give it again.")))
        self.data = self.parse(valuelist)

    def pre_validate(self, form: BaseForm) -> None:
        """An empty input is either missing or fine; nothing else is asked of it."""
        del form
        if self.process_errors:
            raise StopValidation
        if self.is_empty:
            raise StopValidation(self.say(N_("Please fill this in.")) if self.is_required else "")

    @property
    def is_empty(self) -> bool:
        return self.data is None or self.data in ("", [])

    @property
    def text(self) -> str:
        """What to show inside the input: what was typed, also when it was wrong."""
        if self.raw_data:
            return str(self.raw_data[0])
        return self.write(self.data)

    @property
    def sent_texts(self) -> list[str]:
        """What a page that shows the value would send of it."""
        choices = self.choices
        return [choice.text for choice in choices if choice.is_selected] if choices else [self.write(self.data)]

    @property
    def display(self) -> str:
        """The value for reading only."""
        return display_text(self.data, self.scope)

    @property
    def choices(self) -> Sequence[Choice]:
        return ()

    def say(self, msgid: str, **params: object) -> str:
        return translate(self.scope.locale, msgid, **params)
