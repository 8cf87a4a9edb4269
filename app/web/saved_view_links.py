"""The saved views of the signed-in person, as addresses of the inbox."""

from collections.abc import Sequence
from typing import cast

from flask import g, url_for

from app.extensions import db
from app.models.saved_views import SavedView, saved_views
from app.operations.administration import ADMINISTRATORS
from app.web.current import current_person, this_request


def my_saved_views() -> Sequence[SavedView]:
    """One's own and those shared with one's groups, read once per request."""
    if "saved_views" not in g:
        g.saved_views = saved_views(db.session(), current_person().id)
    return cast(Sequence[SavedView], g.saved_views)


def current_saved_view() -> SavedView | None:
    """The saved view that is shown: the one the address names, while it asks what the address asks."""
    asked = this_request().args
    if "saved" not in asked:
        return None
    wanted = (asked.get("saved"), asked.get("view"), asked.get("process") or None, asked.get("q", "").strip())
    return next((one for one in my_saved_views() if (one.id, one.view, one.process_key, one.search) == wanted), None)


def address_of(saved: SavedView) -> str:
    """The inbox with this question."""
    return url_for("inbox.index", view=saved.view, process=saved.process_key, q=saved.search or None, saved=saved.id)


def may_change(saved: SavedView) -> bool:
    """Whether the signed-in person may: its owner, and for a shared one administrators of the site."""
    person = current_person()
    return saved.owner_id == person.id or (ADMINISTRATORS, saved.site_id) in person.memberships
