"""Which kind of answer the asker can read: a page, a piece of a page (htmx) or JSON."""

from flask import request

API_PATH, ENGINE_PATH = "/api", "/engine-rest"
PROGRAM_PATHS = (f"{API_PATH}/", ENGINE_PATH)


def wants_json() -> bool:
    """A program asks."""
    if request.path.startswith(PROGRAM_PATHS):
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"] or (request.is_json and not accepted.accept_html)


def wants_partial() -> bool:
    """A script of ours (htmx) asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def wants_page() -> bool:
    """A person's browser asks for a whole page."""
    return not wants_json() and not wants_partial()
