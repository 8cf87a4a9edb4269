"""Texts in the reader's language: Flask-Babel's functions with the types it does not give them."""

import flask_babel


def gettext(msgid: str, **params: object) -> str:
    """The text of `msgid` in the language of the request, its places filled."""
    return str(flask_babel.gettext(msgid, **params))


def ngettext(one: str, many: str, count: int, **params: object) -> str:
    """The text for `count` things; the place %(num)d holds the count."""
    return str(flask_babel.ngettext(one, many, count, **params))
