"""Texts from outside that no database takes."""

import re
from collections.abc import Mapping

from flask import Request

from app.errors import AppError
from app.i18n import N_
from app.web.answers import PROGRAM_PATHS

NOT_STORABLE = N_("The request has a character that no text has: leave it out.")
# PostgreSQL takes no NUL, and nobody takes halves of characters.
_NO_CHARACTERS = re.compile("[\0\ud800-\udfff]")


class NotStorable(AppError):
    """Somewhere in the request is a character that nobody types."""

    http_status = 400

    def __init__(self) -> None:
        super().__init__(NOT_STORABLE)


def is_storable(value: object) -> bool:
    """Whether all texts in a JSON value can be kept, and looked for."""
    if isinstance(value, str):
        return _NO_CHARACTERS.search(value) is None
    if isinstance(value, Mapping):
        return all(is_storable(name) and is_storable(each) for name, each in value.items())
    return all(map(is_storable, value)) if isinstance(value, list) else True


def refuse_not_storable(asking: Request) -> None:
    """Before each request of a page; the interfaces for programs refuse in their own words. Raises NotStorable."""
    if asking.path.startswith(PROGRAM_PATHS):
        return
    if "\0" in asking.path or b"%00" in asking.query_string or not is_storable(dict(asking.form.lists())):
        raise NotStorable
