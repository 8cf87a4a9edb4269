"""Unsafe requests must come from our own pages: a second fence besides the form token (W14)."""

import structlog
from flask import Request, current_app

from app.errors import NotAllowed
from app.i18n import N_
from app.web.permissions import SAFE_METHODS

OWN_SITES = ("same-origin", "none")  # `none`: typed in or from a bookmark, not from another page

log = structlog.get_logger(__name__)


def refuse_foreign_origin(asking: Request) -> None:
    """Before each request: refuse an unsafe one that a page of somebody else sent. Raises NotAllowed."""
    if asking.method in SAFE_METHODS:
        return
    site = asking.headers.get("Sec-Fetch-Site")
    origin = asking.headers.get("Origin")
    if site not in (None, *OWN_SITES) or origin not in (None, _own_origin(asking)):
        log.warning("foreign_origin_refused", origin=origin, site=site, endpoint=asking.endpoint)
        raise NotAllowed(N_("This request came from another site and was refused. Use the pages of the product."))


def _own_origin(asking: Request) -> str:
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else "http"
    return f"{scheme}://{asking.host}"
