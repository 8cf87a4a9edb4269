"""What every request passes before and after its view, in this order, and what every template knows."""

from typing import Any

from flask import Flask

from app.web import assets, error_pages, request_log, security_headers, template_filters
from app.web.current import current_person_or_none, identify
from app.web.languages import locale
from app.web.origin import refuse_foreign_origin
from app.web.permissions import Permission, enforce, permissions_of, public
from app.web.sessions import bind_form_token


def install_before_csrf(app: Flask) -> None:
    """The hooks that must run before Flask-WTF checks the form token."""
    request_log.install(app)
    security_headers.install(app)
    error_pages.install(app)
    app.before_request(bind_form_token)
    app.before_request(refuse_foreign_origin)


def install_after_csrf(app: Flask) -> None:
    """The hooks that may trust that the request is meant."""
    app.before_request(identify)
    app.before_request(enforce)
    app.context_processor(_known_to_templates)
    assets.install(app)
    template_filters.install(app)
    public(app.view_functions["static"])


def _known_to_templates() -> dict[str, Any]:
    person = current_person_or_none()
    theme = person.theme if person and person.theme != "auto" else None
    return {"locale": locale(), "theme": theme, "may": may}


def may(name: str) -> bool:
    """For templates: has the person the permission of this name, such as START_PROCESS?"""
    person = current_person_or_none()
    return person is not None and Permission[name] in permissions_of(person)
