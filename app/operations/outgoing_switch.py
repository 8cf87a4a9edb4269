"""Whether anything may leave: a restored copy of the data must not write to customers until somebody says so."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models import OutgoingSwitch
from app.models.prepared import Prepared, table_of
from app.operations.actor import Actor
from app.operations.administration import require_company_administrator
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.reasons import stated_reason
from app.operations.rows import upsert_rows

_ALL = "all"
_SWITCH = table_of(OutgoingSwitch)
_IS_ON = Prepared(select(_SWITCH.c.is_on).where(_SWITCH.c.name == bindparam("name")))


def is_outgoing_on(session: Session) -> bool:
    """Whether mail, webhooks and connectors may work; they may unless somebody switched them off."""
    row = _IS_ON.first(session, {"name": _ALL})
    return row is None or bool(row[0])


def switch_outgoing(session: Session, *, is_on: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Let messages leave again, or hold all of them back; nothing that waits is lost.

    Only administrators of the whole company. Raises NotAllowed, InvalidInput.
    """
    require_company_administrator(session, actor)
    reason = stated_reason(reason)
    before = is_outgoing_on(session)
    row = {"name": _ALL, "is_on": is_on, "reason": reason, "changed_by": actor.user_id, "changed_at": now}
    upsert_rows(session, OutgoingSwitch, [row], replaced=("is_on", "reason", "changed_by", "changed_at"))
    event = Event("outgoing_switched", {"old": before, "new": is_on}, reason=reason)
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now)
