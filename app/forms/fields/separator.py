"""A line between parts of a form."""

from app.forms.component_type import ComponentType


class Separator(ComponentType):
    """A line."""

    name = "separator"
    texts = frozenset()
