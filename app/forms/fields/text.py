"""A text to read: Markdown with `{{expressions}}`."""

from app.forms.component_type import Binder, ComponentReader, ComponentType
from app.forms.definition import Component
from app.forms.rendering import Rendering
from app.forms.templating import EMPTY
from app.i18n import N_


class Text(ComponentType):
    """A text to read."""

    name = "text"
    texts = frozenset({"text"})

    def check(self, reader: ComponentReader) -> None:
        if not isinstance(reader.attributes.get("text"), str):
            reader.refuse(N_("%(component)s: the text is missing."))

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        rendering.html = component.texts.get("text", EMPTY).in_language_of(binder.scope).markup(binder.scope)
