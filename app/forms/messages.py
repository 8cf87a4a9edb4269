"""Messages of the form library in the reader's language."""

from functools import cache

from app.i18n import translations

_catalog = cache(translations)


def translate(locale: str, msgid: str, **params: object) -> str:
    """The text of a msgid with its places filled."""
    text = _catalog(locale).gettext(msgid)
    return text % params if params else text
