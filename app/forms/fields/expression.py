"""A value computed on the server and kept under `key`; what the browser sends for it is not looked at."""

from app.forms.component_type import Binder, ComponentReader, ComponentType
from app.forms.definition import Component
from app.forms.display import display_text
from app.forms.rendering import Rendering
from app.i18n import N_


class Expression(ComponentType):
    """A computed value."""

    name = "expression"
    settings = frozenset({"expression", "computeOn"})
    has_key = True

    def check(self, reader: ComponentReader) -> None:
        if not str(reader.attributes.get("expression") or "").startswith("="):
            reader.refuse(N_("%(component)s: the expression must begin with an equals sign."))

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        value = component.setting("expression", binder.scope)
        rendering.text = display_text(value, binder.scope)
        binder.put(component, value)
