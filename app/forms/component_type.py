"""What a kind of component must be able to do; each kind is one file in `app/forms/fields/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from wtforms.fields.core import UnboundField

from app.forms.definition import Component
from app.forms.input_field import InputField
from app.forms.rendering import ListItem, Rendering, Rows
from app.forms.scope import FormScope


class ComponentReader(Protocol):
    """One component being read; `refuse` collects what is wrong with it."""

    attributes: Mapping[str, Any]

    def refuse(self, msgid: str, **params: object) -> None: ...


class Binder(Protocol):
    """Binds the components inside a component, and takes computed values."""

    scope: FormScope

    def bind(self, components: tuple[Component, ...]) -> Rows: ...

    def bind_items(self, component: Component) -> list[ListItem]: ...

    def put(self, component: Component, value: object) -> None: ...


class ComponentType:
    """A kind of component.

    settings: attributes of the file that are values or expressions, besides those every component has. texts:
    attributes that people read. validations: entries of `validate`. has_key: keeps a value under its `key`.
    may_have_path: keeps the values of the components inside under its `path`.
    """

    name: ClassVar[str]
    settings: ClassVar[frozenset[str]] = frozenset()
    texts: ClassVar[frozenset[str]] = frozenset({"label"})
    validations: ClassVar[frozenset[str]] = frozenset()
    has_key: ClassVar[bool] = False
    has_options: ClassVar[bool] = False
    may_have_path: ClassVar[bool] = False
    must_have_path: ClassVar[bool] = False

    def check(self, reader: ComponentReader) -> None:
        """Refuse what only this kind can judge."""

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        """Fill in what is special to this kind."""


class InputType(ComponentType):
    """A kind of component that people fill in."""

    has_key = True
    texts = frozenset({"label", "description"})

    def new_field(self, component: Component, scope: FormScope) -> UnboundField[InputField]:
        raise NotImplementedError
