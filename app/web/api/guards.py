"""Changes of a thing that must still be as the program has seen it: If-Match (RFC 9110, 13.1.1)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.errors import Conflict
from app.extensions import db
from app.i18n import N_
from app.web.api.shapes import VersionedShape
from app.web.current import this_request

HEADER = "If-Match"


class VersionChanged(Conflict):
    """The thing is not any more what the program has seen."""

    http_status = 412


class Guard:
    """What a change asks for: the version in the header, where one is sent."""

    def check(self, locked: Callable[[], VersionedShape]) -> None:
        """Compare, where a version was sent. Arguments: locked, gives the thing, which others cannot change any more.

        Raises VersionChanged.
        """
        wanted = this_request().headers.get(HEADER, "").strip()
        if wanted in ("", "*"):
            return
        found = locked()
        if found.version in {tag.strip() for tag in wanted.split(",")}:
            return
        changed = VersionChanged(N_("This was changed since you asked for it. Ask for it again and look at both."))
        changed.present = found if found.is_told_when_refused else None
        raise changed


@contextmanager
def telling_what_there_is(now: Callable[[], VersionedShape]) -> Iterator[None]:
    """Who was too late inside is told what there is now, beside the refusal."""
    try:
        yield
    except Conflict as lost:
        db.session.rollback()
        lost.present = now()
        raise
