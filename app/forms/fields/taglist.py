"""Tags chosen from a list."""

from app.forms.fields.several_choices import SeveralChoicesType


class Taglist(SeveralChoicesType):
    """Tags."""

    name = "taglist"
