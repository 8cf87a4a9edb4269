"""A line of text."""

from app.forms.fields.text_inputs import TextInputType


class TextField(TextInputType):
    """One line."""

    name = "textfield"
