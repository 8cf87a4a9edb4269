"""What variables and their values are called, taken from the forms of the bundle a case is pinned to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import feel
from app.forms import FormDefinition, load_form
from app.forms.display import display_text
from app.forms.fields.questions import ANSWERS
from app.forms.messages import translate
from app.forms.scope import FormScope
from app.models.form_data import form_files
from app.models.questionnaire import question_texts, version_names


@dataclass(frozen=True, slots=True)
class FieldLabels:
    """Labels by variable, and the labels of the choices by variable and value."""

    scope: FormScope
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """The question that a variable answers, or the variable's own name."""
        return self.labels.get(name) or name

    def is_labelled(self, name: str) -> bool:
        """Whether some form asks for this variable."""
        return bool(self.labels.get(name))

    def text(self, name: str, encoded: str) -> str:
        """A value, given as JSON text of the FEEL codec, in words."""
        return self.words(name, json.loads(encoded))

    def words(self, name: str, encoded: object) -> str:
        """A value, given as plain JSON of the FEEL codec, in words."""
        value = feel.decode(encoded)
        if isinstance(value, list):
            return self._joined(name, value)
        if isinstance(value, dict):
            return "; ".join(f"{self.label(key)}: {self.words(key, feel.encode(part))}" for key, part in value.items())
        return self.choices.get((name, str(value))) or display_text(value, self.scope)

    def _joined(self, name: str, values: list[object]) -> str:
        separator = "、" if self.scope.locale == "zh_CN" else ", "
        return separator.join(self.words(name, feel.encode(value)) for value in values)


def field_labels(session: Session, definition_id: str, locale: str, zone: ZoneInfo) -> FieldLabels:
    """The labels of all forms deployed together with a process definition."""
    labels: dict[str, str] = {}
    choices: dict[tuple[str, str], str] = {}
    files = form_files(session, definition_id)
    if any(_asks_questions(content) for content in files):
        labels, choices = _labels_of_questions(question_texts(session), locale)
        names = version_names(session).items()
        choices |= {("questionnaire_version_id", version): name[locale.startswith("zh")] for version, name in names}
    for content in files:
        form = _labels_of(content, locale)
        labels |= form[0]
        choices |= form[1]
    return FieldLabels(_scope(locale, zone), labels, choices)


@lru_cache(maxsize=512)
def _asks_questions(content: bytes) -> bool:
    return any(component.type.name == "questions" for component in load_form(content, is_deployed=True).walk())


def _labels_of_questions(
    texts: Mapping[str, tuple[str, str]], locale: str
) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    labels = {question: text[locale.startswith("zh")] for question, text in texts.items()}
    words = {value: translate(locale, msgid) for value, msgid, _ in ANSWERS}
    return labels, {(question, value): word for question in texts for value, word in words.items()}


@lru_cache(maxsize=512)
def _labels_of(content: bytes, locale: str) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Labels and choices of one form file; a file never changes once it is deployed."""
    form: FormDefinition = load_form(content, is_deployed=True)
    scope = _scope(locale, ZoneInfo("UTC"))
    labels, choices = {}, {}
    for component in form.walk():
        if not component.path:
            continue
        if label := component.text("label", scope):
            labels[component.path[-1]] = label
        for option in component.options:
            choices[(component.path[-1], str(option.value))] = option.label.in_language_of(scope).plain(scope)
    return labels, choices


def _scope(locale: str, zone: ZoneInfo) -> FormScope:
    variables: Mapping[str, Any] = {}
    return FormScope(variables, feel.Environment(now=datetime.now(UTC), zone=zone), locale)
