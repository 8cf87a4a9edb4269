"""Several lines of text."""

from app.forms.fields.text_inputs import TextInputType


class TextArea(TextInputType):
    """Several lines."""

    name = "textarea"
