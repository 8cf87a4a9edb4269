"""A drop-down list."""

from app.forms.fields.single_choice import SingleChoiceType


class Select(SingleChoiceType):
    """A drop-down list."""

    name = "select"
