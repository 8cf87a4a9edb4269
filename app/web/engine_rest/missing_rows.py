"""The errors of what is not there, or not for who asks."""

from app.errors import NotFound
from app.i18n import N_
from app.operations.incidents import IncidentNotFound


def nothing_there() -> NotFound:
    """Of what has no error of its own."""
    return NotFound(N_("There is nothing at this address, or nothing that you may see."))


def no_incident() -> IncidentNotFound:
    """No incident of this id."""
    return IncidentNotFound(N_("This incident does not exist."))
