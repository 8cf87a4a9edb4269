"""Language and theme: kept with the user, before sign-in with the browser."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from app.errors import InvalidInput
from app.extensions import db
from app.i18n import LOCALES, N_
from app.operations.users import set_preferences
from app.web.answers import wants_page
from app.web.current import current_person_or_none
from app.web.languages import CHOSEN_BEFORE_SIGN_IN
from app.web.permissions import public
from app.web.redirects import safe_next

blueprint = Blueprint("preferences", __name__)


@blueprint.post("/preferences")
@public
def store() -> ResponseReturnValue:
    """Store the choice and go back to the page it was made on."""
    locale, theme = request.form.get("locale"), request.form.get("theme")
    person = current_person_or_none()
    if person:
        set_preferences(db.session(), person.id, locale=locale, theme=theme)
    elif locale in LOCALES:
        session[CHOSEN_BEFORE_SIGN_IN] = locale
    else:
        raise InvalidInput(N_("Choose one of the languages and themes offered."))
    return redirect(safe_next(request.form.get("next"))) if wants_page() else ("", 204)
