"""Own work that somebody tried to check: said in words, and written into the history of the case (four eyes)."""

from collections.abc import Iterable

import structlog

from app.errors import Busy
from app.extensions import db
from app.models.display_names import definition_names
from app.models.four_eyes import Exclusive, PartTaken, own_parts
from app.models.user_task_place import SeenUserTask
from app.operations.four_eyes import OwnWork, record_refused_own_work
from app.web.current import current_actor, current_person, current_time
from app.web.element_names import element_name
from app.web.people_names import actor_names, name_of
from app.web.texts import gettext
from app.web.transactions import write_transaction

log = structlog.get_logger(__name__)


def tell_refused_own_work(refused: OwnWork) -> str:
    """Write it down in a transaction of its own; returns the text for the person."""
    try:
        with write_transaction():
            record_refused_own_work(db.session(), refused, actor=current_actor(), now=current_time())
    except Busy:
        log.warning("own_work_refused", user=current_person().id, user_task=refused.user_task.id)
    return gettext(refused.msgid, **{**refused.params, "user": _name(refused.part.person_id)})


def why_own_work(user_task: SeenUserTask, on_behalf_of: str) -> str:
    """Why the signed-in person must not do an open user task; empty where nothing keeps them from it."""
    people = [person for person in (current_person().id, on_behalf_of) if person]
    part = own_parts(db.session(), people, [user_task]).get(user_task.id)
    if part is None:
        return ""
    names = definition_names(db.session(), {user_task.definition_id})[user_task.definition_id]
    step = element_name(names, part.element_id)
    return _sentence(part, step)


def own_work_among(rows: Iterable[Exclusive]) -> set[str]:
    """The ids of those user tasks of a list that the signed-in person must not do."""
    return set(own_parts(db.session(), [current_person().id], rows))


def _sentence(part: PartTaken, step: str) -> str:
    if part.person_id == current_person().id:
        return gettext("Four eyes: you took part in “%(step)s” of this case, so somebody else must do this.", step=step)
    return gettext(
        "Four eyes: %(name)s took part in “%(step)s” of this case, so somebody else must do this.",
        name=_name(part.person_id), step=step,
    )  # fmt: skip


def _name(user_id: str) -> str:
    return name_of(user_id, actor_names({user_id}))
