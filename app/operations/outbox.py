"""What administrators do with messages that did not leave, and what is forgotten of all of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.i18n import N_
from app.models import Job, Notification, OutgoingMessage
from app.models.prepared import run, table_of
from app.operations.actor import Actor
from app.operations.administration import administered_sites
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.outgoing import KIND_OF_CHANNEL, job_of_message, note_outcome
from app.operations.rows import insert_rows

# What was sent may name people: it is kept as long as somebody may ask whether it left.
MESSAGES_KEPT = timedelta(days=30)
READ_KEPT, UNREAD_KEPT = timedelta(days=90), timedelta(days=365)
MOST_AT_ONCE = 1000
_MESSAGE, _NOTIFICATION, _JOB = table_of(OutgoingMessage), table_of(Notification), table_of(Job)


class MessageCannotBeSentAgain(Conflict):
    """It has left, or its text is gone."""


def send_again(session: Session, message_id: str, *, actor: Actor, now: datetime) -> None:
    """Try a message again that was held or given up; a webhook also once it was delivered, under its old key.

    Only administrators of its site. Raises NotFound, MessageCannotBeSentAgain.
    """
    message = session.get(OutgoingMessage, message_id)
    sites = administered_sites(session, actor.user_id)
    if message is None or not sites or (message.site_id is not None and message.site_id not in sites):
        raise NotFound(N_("This message does not exist, or you may not see it."))
    if message.channel == "letter":
        raise MessageCannotBeSentAgain(N_("A letter is printed and posted by hand."))
    if message.state == "sent" and message.channel != "webhook":
        raise MessageCannotBeSentAgain(N_("This message has left already."))
    if not message.text:
        raise MessageCannotBeSentAgain(N_("The text of this message is gone: it let somebody in."))
    revive_messages(session, [message], now)
    event = Event("outgoing_message_retried", {"message": message.id, "state": message.state})
    append_events(session, CONFIGURATION_STREAM, [event], actor=actor, now=now, site_id=message.site_id)
    session.expire(message)


def revive_messages(session: Session, messages: Sequence[OutgoingMessage], now: datetime) -> None:
    """All attempts again, due at once; a job in a worker's hands stays there, one long gone is made anew."""
    ids = [message.id for message in messages]
    again = {"state": "pending", "run_at": now, "attempts": 0}
    run(session, update(_JOB).where(_JOB.c.id.in_(ids), _JOB.c.state != "leased").values(**again))
    known = set(session.scalars(select(_JOB.c.id).where(_JOB.c.id.in_(ids))))
    gone = [message for message in messages if message.id not in known]
    rows = [job_of_message(KIND_OF_CHANNEL[one.channel], one.id, one.site_id, now) for one in gone]
    insert_rows(session, Job, rows)
    for message_id in ids:
        note_outcome(session, message_id, "waiting", now=now)


def forget_old_messages(session: Session, now: datetime) -> int:
    """Delete what left or was given up long ago, and notifications nobody needs any more."""
    old = select(_MESSAGE.c.id).where(_MESSAGE.c.created_at < now - MESSAGES_KEPT, _MESSAGE.c.state != "waiting")
    messages = run(session, delete(_MESSAGE).where(_MESSAGE.c.id.in_(old.limit(MOST_AT_ONCE)))).rowcount
    done = (_NOTIFICATION.c.read_at.is_not(None)) & (_NOTIFICATION.c.created_at < now - READ_KEPT)
    told = select(_NOTIFICATION.c.id).where(or_(done, _NOTIFICATION.c.created_at < now - UNREAD_KEPT))
    notifications = run(session, delete(_NOTIFICATION).where(_NOTIFICATION.c.id.in_(told.limit(MOST_AT_ONCE)))).rowcount
    return messages + notifications
