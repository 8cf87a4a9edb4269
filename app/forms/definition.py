"""A form as it was read: components with their texts and settings compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app import feel
from app.forms.scope import FormScope, Setting
from app.forms.templating import LocalText

if TYPE_CHECKING:
    from app.forms.component_type import ComponentType


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `tone` (good, warning, bad) colours a big button."""

    value: object
    label: LocalText
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """A field or a part of the layout.

    path: names under which its value is kept, empty without a value. settings: the attributes of its type, each a
    JSON value or an expression. texts: attributes that people read. columns: of 16, None for the whole row.
    """

    id: str
    type: ComponentType
    path: tuple[str, ...] = ()
    row: str | None = None
    columns: int | None = None
    hide: feel.Expression | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    texts: Mapping[str, LocalText] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Component, ...] = ()

    @property
    def key(self) -> str:
        """The name of the variable, of the outermost context where the value stands inside one."""
        return self.path[0] if self.path else ""

    def text(self, name: str, scope: FormScope) -> str:
        text = self.texts.get(name)
        return "" if text is None else text.in_language_of(scope).plain(scope)

    def setting(self, name: str, scope: FormScope) -> Setting:
        return scope.resolve(self.settings.get(name))

    def walk(self) -> Iterator[Component]:
        """The component and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def names_used(self) -> Iterator[str]:
        """Every variable that an expression of this very component names."""
        expressions = [setting for setting in self.settings.values() if isinstance(setting, feel.Expression)]
        expressions += [self.hide] if self.hide is not None else []
        texts = (*self.texts.values(), *(option.label for option in self.options))
        for template in (template for text in texts for template in text.all):
            expressions += template.expressions
        for expression in expressions:
            yield from expression.free_names


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A form ready to be bound.

    depends_on: the keys whose change can change other parts of the form. names: all that its expressions name.
    """

    id: str
    components: tuple[Component, ...]
    depends_on: frozenset[str]
    names: frozenset[str] = frozenset()

    def walk(self) -> Iterator[Component]:
        for component in self.components:
            yield from component.walk()

    @property
    def personal_fields(self) -> frozenset[str]:
        """The variables whose values say something about the customer and are kept encrypted."""
        return frozenset(part.key for part in self.walk() if part.properties.get("personal"))

    @property
    def identifying_fields(self) -> dict[str, str]:
        """Which variables tell the customer of a new case: name, phone or plate -> the variable."""
        marked = ((part.properties.get("identifies"), part.key) for part in self.walk())
        return {what: key for what, key in marked if what}

    @property
    def keys(self) -> frozenset[str]:
        """The variables this form can write."""
        return frozenset(part.key for part in self.walk() if part.path)
