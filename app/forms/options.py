"""The options of radio buttons, lists and tags: written in the form, or taken from the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.forms.definition import Component
from app.forms.display import display_text
from app.forms.scope import FormScope

MOST_OPTIONS = 500


@dataclass(frozen=True, slots=True)
class OfferedOption:
    """An option in the reader's language."""

    text: str
    value: object
    label: str
    tone: str = ""


def offered_options(component: Component, scope: FormScope) -> list[OfferedOption]:
    """Static values, those of the variable `valuesKey`, or the result of `valuesExpression`; at most 500."""
    if component.options:
        return [
            OfferedOption(str(option.value), option.value, option.label.in_language_of(scope).plain(scope), option.tone)
            for option in component.options
        ]
    found = component.setting("valuesExpression", scope)
    if key := component.settings.get("valuesKey"):
        found = scope.get(tuple(str(key).split(".")))
    if not isinstance(found, list):
        return []
    return [_offered(entry, scope) for entry in found[:MOST_OPTIONS]]


def _offered(entry: object, scope: FormScope) -> OfferedOption:
    if not isinstance(entry, Mapping):
        return OfferedOption(str(entry), entry, display_text(entry, scope))
    value = entry.get("value")
    label = entry.get(f"label.{scope.locale}", entry.get("label", value))
    return OfferedOption(str(value), value, display_text(label, scope))
