"""Free space in a row."""

from app.forms.component_type import ComponentType


class Spacer(ComponentType):
    """Free space."""

    name = "spacer"
    settings = frozenset({"height"})
    texts = frozenset()
