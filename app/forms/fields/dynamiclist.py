"""Components repeated as often as needed; the value is a list of contexts under `path`."""

from app.forms.component_type import Binder, ComponentReader, ComponentType
from app.forms.definition import Component
from app.forms.rendering import Rendering
from app.i18n import N_


class DynamicList(ComponentType):
    """Items that can be added and removed."""

    name = "dynamiclist"
    settings = frozenset({"isRepeating", "allowAddRemove", "defaultRepetitions", "showOutline", "readonly"})
    may_have_path = True
    must_have_path = True

    def check(self, reader: ComponentReader) -> None:
        repetitions = reader.attributes.get("defaultRepetitions", 1)
        if not isinstance(repetitions, int) or not 0 <= repetitions <= 50:
            reader.refuse(N_("%(component)s: defaultRepetitions must be a whole number from 0 to 50."))

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        rendering.is_readonly = component.setting("readonly", binder.scope) is True
        rendering.can_add = component.settings.get("allowAddRemove", True) is not False and not rendering.is_readonly
        rendering.items = binder.bind_items(component)
        is_last_needed = component.properties.get("items") == "required" and len(rendering.items) == 1
        rendering.can_remove = rendering.can_add and not is_last_needed
