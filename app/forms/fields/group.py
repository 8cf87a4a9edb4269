"""Components with a heading; with a `path` their values stand in a context of that name."""

from app.forms.component_type import Binder, ComponentType
from app.forms.definition import Component
from app.forms.rendering import Rendering


class Group(ComponentType):
    """A heading with components under it."""

    name = "group"
    settings = frozenset({"showOutline"})
    may_have_path = True

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        rendering.appearance = "outline" if component.setting("showOutline", binder.scope) else ""
        rendering.rows = binder.bind(component.children)
