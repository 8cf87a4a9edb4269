"""A table to read: the contexts of a list, one a row."""

from collections.abc import Mapping

from app.forms.component_type import Binder, ComponentReader, ComponentType
from app.forms.definition import Component
from app.forms.display import display_text
from app.forms.rendering import Rendering
from app.i18n import N_

MOST_ROWS = 200


class Table(ComponentType):
    """A table to read."""

    name = "table"
    settings = frozenset({"dataSource", "rowCount", "columns"})

    def check(self, reader: ComponentReader) -> None:
        columns = reader.attributes.get("columns")
        if not isinstance(columns, list) or not all(
            isinstance(column, dict) and column.keys() >= {"label", "key"} for column in columns
        ):
            reader.refuse(N_("%(component)s: columns must be a list of labels and keys."))
        if not str(reader.attributes.get("dataSource") or "").startswith("="):
            reader.refuse(N_("%(component)s: dataSource must begin with an equals sign."))

    def render(self, component: Component, rendering: Rendering, binder: Binder) -> None:
        found = component.setting("dataSource", binder.scope)
        columns = component.settings["columns"]
        locale = binder.scope.locale
        rendering.header = [str(column.get(f"label.{locale}", column["label"])) for column in columns]
        entries = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
        rendering.body = [
            [display_text(entry.get(column["key"]), binder.scope) for column in columns]
            for entry in entries[: component.settings.get("rowCount") or MOST_ROWS]
        ]
