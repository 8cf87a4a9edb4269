"""The one base of all errors a person may see, mapped to answers at the edges only."""

from collections.abc import Mapping


class AppError(Exception):
    """Something was refused; says what happened and what to do.

    Arguments: msgid, an English text with `%(name)s` places, translated at the edge; params fill the places.
    """

    http_status = 400

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid % params if params else msgid)
        self.msgid = msgid
        self.params: Mapping[str, object] = params


class NotFound(AppError):
    """The thing does not exist, or this person may not know that it does."""

    http_status = 404


class NotAllowed(AppError):
    """The person is known but has no right to do this."""

    http_status = 403


class Conflict(AppError):
    """Somebody else was quicker; the page shows both versions, and `present` tells programs what there is now."""

    http_status = 409
    present: object = None


class InvalidInput(AppError):
    """The input breaks a rule; `fields` names the field each message belongs to."""

    http_status = 422

    def __init__(self, msgid: str, fields: Mapping[str, str] | None = None, **params: object) -> None:
        super().__init__(msgid, **params)
        self.fields: Mapping[str, str] = fields or {}


class Busy(AppError):
    """The database is locked for longer than a writer may wait; try again."""

    http_status = 503
    retry_after = 5


class DiskFull(Busy):
    """The database has no room to write: nothing was changed, and it goes on as soon as there is some again."""

    http_status = 507
    retry_after = 60
