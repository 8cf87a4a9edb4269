"""Putting what stands in a form into its components, from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count, groupby
from types import MappingProxyType

from wtforms.form import BaseForm

from app.forms.component_type import InputType
from app.forms.definition import Component
from app.forms.input_field import InputField
from app.forms.raw_values import RawValues
from app.forms.rendering import ListItem, Rendering, Rows
from app.forms.scope import FormScope, put_at, value_at

MOST_ITEMS = 200
NOTHING: Mapping[str, object] = MappingProxyType({})


class Binding:
    """One pass over the components of one level: a form, or an item of a dynamic list.

    form: takes the inputs that can be answered, and validates them. initial: the values before anybody typed.
    values: what the form says, filled as it goes. prefix: of the names in the page. given: values that stand in the
    inputs whatever the form says about what is shown at first.
    """

    def __init__(
        self,
        form: BaseForm,
        raw: RawValues | None,
        scope: FormScope,
        initial: Mapping[str, object],
        watched: frozenset[str],
        prefix: str = "",
        given: Mapping[str, object] = NOTHING,
    ) -> None:
        self.form = form
        self.raw = raw
        self.scope = scope
        self.initial = initial
        self.watched = watched
        self.prefix = prefix
        self.given = given
        self.values: dict[str, object] = {}

    def bind(self, components: tuple[Component, ...]) -> Rows:
        """The visible components in rows of the layout."""
        shown = [rendering for component in components if (rendering := self._bind_one(component)) is not None]
        own_rows = count()
        by_row = groupby(shown, lambda pair: pair[0].row or next(own_rows))
        return [[rendering for _, rendering in pairs] for _, pairs in by_row]

    def _bind_one(self, component: Component) -> tuple[Component, Rendering] | None:
        if component.hide is not None and self.scope.evaluate(component.hide) is True:
            self._forget(component)
            return None
        name = self.prefix + ".".join(component.path) if component.path else ""
        rendering = Rendering(
            type=component.type.name,
            id=_element_id(name or self.prefix + component.id),
            name=name,
            label=component.text("label", self.scope),
            hint=component.text("description", self.scope),
            columns=component.columns,
            prefix=component.text("prefixAdorner", self.scope),
            suffix=component.text("suffixAdorner", self.scope),
            appearance=component.properties.get("appearance", ""),
            is_watched=bool(self.watched.intersection(component.path)),
        )
        if isinstance(component.type, InputType):
            self._bind_input(component, component.type, rendering)
        component.type.render(component, rendering, self)
        return component, rendering

    def _bind_input(self, component: Component, kind: InputType, rendering: Rendering) -> None:
        settings = (component.setting(name, self.scope) for name in ("readonly", "disabled"))
        rendering.is_readonly = any(setting is True for setting in settings)
        unbound = kind.new_field(component, self.scope)
        field: InputField = unbound.bind(form=self.form, name=rendering.name)
        # An input that was not in the page, because it was hidden then, starts with its initial value.
        is_sent = self.raw is not None and rendering.name in self.raw and not rendering.is_readonly
        if is_sent:
            field.process(self.raw)
        else:
            field.process(None, self._initial_value(component, field))
        rendering.control = field
        rendering.is_required = field.is_required and not rendering.is_readonly
        self.scope.put(component.path, field.data)
        if not rendering.is_readonly:
            # WTForms has no way of adding a field that is bound already.
            self.form._fields[rendering.name] = field
            put_at(self.values, component.path, field.data)

    def _initial_value(self, component: Component, field: InputField) -> object:
        """The case's value, or the default of the form where there is none or it shall not be shown."""
        value = value_at(self.given, component.path)
        if value is None and component.properties.get("prefill") != "never":
            value = value_at(self.initial, component.path)
        if value is None:
            value = component.setting("defaultValue", self.scope)
            value = field.read_default(value)
        return value

    def _forget(self, component: Component) -> None:
        """What is hidden has no value, whatever was typed before it was hidden."""
        for part in component.walk():
            if part.path and (part.type.has_key or part.type.must_have_path):
                self.scope.put(part.path, None)

    def put(self, component: Component, value: object) -> None:
        self.scope.put(component.path, value)
        put_at(self.values, component.path, value)

    def bind_items(self, component: Component) -> list[ListItem]:
        """The items of a dynamic list: those sent, else those of the case, else as many as the form starts with.

        A list that is only read has those of the case, and nothing is taken from it.
        """
        is_readonly = component.setting("readonly", self.scope) is True
        name = self.prefix + ".".join(component.path)
        found = value_at(self.given, component.path)
        is_given = found is not None
        if not is_given:
            found = value_at(self.initial, component.path)
        stored = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else None
        indices: Sequence[int]
        if is_readonly:
            indices = range(len(stored or []))
        elif self.raw is not None:
            indices = self.raw.item_indices(name)[:MOST_ITEMS]
        elif stored is not None:
            indices = range(len(stored[:MOST_ITEMS]))
        else:
            indices = range(component.settings.get("defaultRepetitions", 1))
        if not indices and not is_readonly and component.properties.get("items") == "required":
            indices = range(1)  # an empty item, whose inputs ask for what is missing
        initial = dict(enumerate(stored or []))
        items, values = [], []
        for index in indices:
            item = self._inside(f"{name}-{index}-", initial.get(index, NOTHING), is_given=is_given)
            items.append(ListItem(f"{name}-{index}", item.bind(component.children)))
            values.append(item.values)
        if not is_readonly:
            self.put(component, values)
        return items

    def _inside(self, prefix: str, initial: Mapping[str, object], *, is_given: bool) -> Binding:
        given = initial if is_given else NOTHING
        return Binding(self.form, self.raw, self.scope.inside(initial), initial, self.watched, prefix, given)


@lru_cache(maxsize=4096)
def _element_id(name: str) -> str:
    return "field-" + re.sub(r"\W", "-", name)


def renderings_in(rows: Rows) -> Iterable[Rendering]:
    """Every component shown, those inside others included."""
    for rendering in (rendering for row in rows for rendering in row):
        yield rendering
        yield from renderings_in(rendering.rows)
        for item in rendering.items:
            yield from renderings_in(item.rows)
