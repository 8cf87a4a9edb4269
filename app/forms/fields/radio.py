"""Radio buttons; `properties.appearance` "segments" makes them big buttons side by side."""

from app.forms.fields.single_choice import SingleChoiceType


class Radio(SingleChoiceType):
    """Radio buttons or segments."""

    name = "radio"
