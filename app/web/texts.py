"""Texts in the reader's language. Flask-Babel knows which that is; it would look for the catalog at every text."""

import gettext as catalogs
from functools import cache

import flask_babel
from babel import Locale
from flask import g, has_app_context

from app.i18n import translations


def gettext(msgid: str, **params: object) -> str:
    """The text of `msgid` in the language of the request, its places filled."""
    text = _catalog().gettext(msgid)
    return text % params if params else text


def ngettext(one: str, many: str, count: int, **params: object) -> str:
    """The text for `count` things; the place %(num)d holds the count."""
    return _catalog().ngettext(one, many, count) % {"num": count, **params}


def text_of(msgid: str) -> str:
    """For templates, which fill the places themselves."""
    return _catalog().gettext(msgid)


def text_of_many(one: str, many: str, count: int) -> str:
    """The same for counted things."""
    return _catalog().ngettext(one, many, count)


def _catalog() -> catalogs.NullTranslations:
    locale = g.get("babel_locale") if has_app_context() else None
    return _catalog_of(locale or flask_babel.get_locale())


@cache
def _catalog_of(locale: Locale | None) -> catalogs.NullTranslations:
    return translations(str(locale)) if locale else catalogs.NullTranslations()
