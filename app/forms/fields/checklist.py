"""A list of boxes to tick."""

from app.forms.fields.several_choices import SeveralChoicesType


class Checklist(SeveralChoicesType):
    """Boxes to tick, any number of them."""

    name = "checklist"
