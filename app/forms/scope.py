"""What the expressions of a form see: the case's variables and what stands in the form right now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import feel
from app.forms.errors import FormExpressionTooCostly

Setting = Any  # a JSON value of the form's file, or the compiled expression that gives it


class FormScope:
    """Variables under the values typed so far; `enclosing` is the form around an item of a dynamic list."""

    def __init__(
        self, variables: Mapping[str, object], environment: feel.Environment, locale: str, *, base_locale: str = "en"
    ) -> None:
        self._variables = dict(variables)
        self.environment = environment
        self.locale = locale
        self.base_locale = base_locale

    def inside(self, values: Mapping[str, object]) -> FormScope:
        """A scope for one item: its own values hide those of the same name around it."""
        return FormScope({**self._variables, **values}, self.environment, self.locale, base_locale=self.base_locale)

    def get(self, path: tuple[str, ...]) -> object:
        """The value at a path of names; null where something on the way is missing."""
        return value_at(self._variables, path)

    def put(self, path: tuple[str, ...], value: object) -> None:
        """Set the value at a path without touching contexts that somebody else holds."""
        put_at(self._variables, path, value)

    def evaluate(self, expression: feel.Expression) -> object:
        """The value of an expression; unknown names are null, as in form-js."""
        try:
            return expression.evaluate(self._variables, self.environment).value
        except feel.BudgetExceeded as error:
            raise FormExpressionTooCostly(expression.text) from error

    def resolve(self, setting: Setting) -> Any:
        """The value of a setting that may be an expression."""
        return self.evaluate(setting) if isinstance(setting, feel.Expression) else setting


def value_at(values: Mapping[str, object], path: tuple[str, ...]) -> object:
    """The value at a path of names; null where something on the way is missing."""
    value: object = values
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def put_at(target: dict[str, object], path: tuple[str, ...], value: object) -> None:
    """Set a nested entry, copying every context on the way."""
    *outer, last = path
    for name in outer:
        entry = target.get(name)
        target[name] = dict(entry) if isinstance(entry, Mapping) else {}
        target = target[name]  # type: ignore[assignment]  # it was made a dict just now
    target[last] = value
