"""Texts from outside that no database takes."""

import re
from collections.abc import Mapping

from app.i18n import N_

NOT_STORABLE = N_("The request has a character that no text has: leave it out.")
# PostgreSQL takes no NUL, and nobody takes halves of characters.
_NO_CHARACTERS = re.compile("[\0\ud800-\udfff]")


def is_storable(value: object) -> bool:
    """Whether all texts in a JSON value can be kept, and looked for."""
    if isinstance(value, str):
        return _NO_CHARACTERS.search(value) is None
    if isinstance(value, Mapping):
        return all(is_storable(name) and is_storable(each) for name, each in value.items())
    return all(map(is_storable, value)) if isinstance(value, list) else True
