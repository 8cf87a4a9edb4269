"""In which language and zone a page speaks."""

from datetime import tzinfo
from functools import cache

from babel import Locale
from flask import current_app, has_request_context, request, session

from app.i18n import best_locale
from app.web.current import current_person_or_none

CHOSEN_BEFORE_SIGN_IN = "locale"


def locale() -> str:
    """The language the person chose; before that the one chosen at sign-in, then the browser's, then the product's."""
    if not has_request_context():
        return str(current_app.config["BABEL_DEFAULT_LOCALE"])
    person = current_person_or_none()
    if person and person.locale:
        return person.locale
    wishes = (session.get(CHOSEN_BEFORE_SIGN_IN), *request.accept_languages.values())
    return next((found for wish in wishes if (found := best_locale(wish))), current_app.config["BABEL_DEFAULT_LOCALE"])


def babel_locale() -> Locale:
    """The same for Flask-Babel; reading a locale's name anew for every request would cost more than a query."""
    return _parsed(locale())


@cache
def _parsed(name: str) -> Locale:
    return Locale.parse(name)


def zone() -> tzinfo | None:
    """The zone of the person's site; None before sign-in: the default."""
    person = current_person_or_none() if has_request_context() else None
    return person.zone if person else None
