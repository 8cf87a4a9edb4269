"""What every request passes before and after its view, in this order, and what every template knows."""

from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue

from app.web import assets, error_pages, request_log, security_headers, template_filters
from app.web.body_limits import allow_uploads
from app.web.current import current_person_or_none, this_request
from app.web.form_tokens import form_token, refuse_without_form_token
from app.web.given_once import OnceRequest, refuse_repeated_parameters
from app.web.languages import locale
from app.web.origin import refuse_foreign_origin
from app.web.permissions import Permission, enforce, permissions_of, public
from app.web.reauthentication import demand_recent_sign_in
from app.web.sessions import identify
from app.web.storable import refuse_not_storable
from app.web.texts import text_of, text_of_many


def install(app: Flask) -> None:
    """Register everything."""
    app.request_class = OnceRequest
    request_log.install(app)
    security_headers.install(app, is_https=app.config["SESSION_COOKIE_SECURE"])
    error_pages.install(app)
    app.before_request(_admit)
    app.context_processor(_known_to_templates)
    assets.install(app)
    template_filters.install(app)
    app.jinja_env.globals["csrf_token"] = form_token
    app.jinja_env.install_gettext_callables(text_of, text_of_many, newstyle=True)  # type: ignore[attr-defined]
    public(app.view_functions["static"])


def _admit() -> ResponseReturnValue | None:
    """Before each request, in this order; what comes after the form token may trust that the request is meant."""
    asking = this_request()
    allow_uploads(asking)
    refuse_repeated_parameters(asking)
    refuse_not_storable(asking)
    refuse_foreign_origin(asking)
    refuse_without_form_token(asking)
    person = identify(asking)
    return enforce(asking, person) or demand_recent_sign_in(asking)


def _known_to_templates() -> dict[str, Any]:
    person = current_person_or_none()
    theme = person.theme if person and person.theme != "auto" else None
    return {"locale": locale(), "theme": theme, "may": may, "person": person}


def may(name: str) -> bool:
    """For templates: has the person the permission of this name, such as START_PROCESS?"""
    person = current_person_or_none()
    return person is not None and Permission[name] in permissions_of(person)
