"""The document for programs, and the same as a page for people."""

from typing import Any

import orjson
from flask import Blueprint, Response, render_template, request

from app.operations.api_tokens import SCOPES
from app.web.api.document import document
from app.web.api.reading import readable
from app.web.api.registry import SUBJECTS
from app.web.api.subjects import JSON, PREFIX
from app.web.languages import locale
from app.web.permissions import public, signed_in
from app.web.rate_limits import within_limit

blueprint = Blueprint("api_reference", __name__)
_made: dict[str, tuple[bytes, dict[str, Any]]] = {}


@blueprint.get(f"{PREFIX}/openapi.json")
@public
def openapi() -> Response:
    """OpenAPI 3.1, for generators of clients and for tests; it tells nothing of the house."""
    within_limit("api")
    return Response(_document()[0], mimetype=JSON)


@blueprint.get("/api-reference")
@signed_in
def page() -> str:
    """The operations by subject, with examples."""
    address = request.host_url.rstrip("/")
    return render_template("api/reference.html", reference=readable(_document()[1], address), scopes=SCOPES)


def _document() -> tuple[bytes, dict[str, Any]]:
    """It follows from the program: it is made once in each language."""
    if locale() not in _made:
        made = document(SUBJECTS, [scope for scope, _text in SCOPES])
        _made[locale()] = orjson.dumps(made), made
    return _made[locale()]
