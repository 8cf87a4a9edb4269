"""Who did something, as pages say it."""

from collections.abc import Iterable, Mapping

from app.extensions import db
from app.models.display_names import user_names
from app.operations.actor import SYSTEM
from app.operations.history_reading import RecordedEvent
from app.web.texts import gettext


def actor_names(actor_ids: Iterable[str | None]) -> dict[str, str]:
    """Names of those who act: persons by their display name, the system as such."""
    return {**user_names(db.session(), actor_ids), SYSTEM.user_id: gettext("System")}


def name_of(actor_id: str, names: Mapping[str, str]) -> str:
    """The name, or the id of a program or person that is not among the users."""
    return names.get(actor_id, actor_id)


def told_by(event: RecordedEvent, names: Mapping[str, str]) -> str:
    """Who did what an event tells of: the actor, whom it was done for, the program it was done through."""
    actor = acting_name(event.actor_id, event.on_behalf_of_id, names)
    return gettext("%(actor)s through “%(program)s”", actor=actor, program=event.program) if event.program else actor


def acting_name(actor_id: str, on_behalf_of_id: str | None, names: Mapping[str, str]) -> str:
    """The name of who did something, with whom they did it for."""
    actor = name_of(actor_id, names)
    if not on_behalf_of_id:
        return actor
    return gettext("%(actor)s on behalf of %(person)s", actor=actor, person=name_of(on_behalf_of_id, names))
