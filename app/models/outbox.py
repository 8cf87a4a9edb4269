"""The outbox as its page shows it: what left, what waits, what could not be sent."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.models.job import Job
from app.models.outgoing import OutgoingMessage, OutgoingSwitch, WebhookSubscription
from app.models.paging import ListPage, list_page

STATES = ("waiting", "sent", "held", "failed")
MOST_LETTERS = 200
CHANNELS = ("mail", "sms", "letter", "webhook")


def outbox_page(
    session: Session,
    sites: Collection[str],
    *,
    state: str = "",
    channel: str = "",
    after: str | None = None,
) -> ListPage:
    """A page of the messages of some sites and of none, the newest first; filters are of STATES and CHANNELS."""
    statement = _messages(sites)
    if state:
        statement = statement.where(OutgoingMessage.state == state)
    if channel:
        statement = statement.where(OutgoingMessage.channel == channel)
    return list_page(session, statement, (OutgoingMessage.id,), after=after, newest_first=True)


def outbox_message(session: Session, sites: Collection[str], message_id: str) -> Any:
    """One of them with its text, None where there is none for these sites."""
    return session.execute(_messages(sites).where(OutgoingMessage.id == message_id)).one_or_none()


def letters_to_customers(session: Session, sites: Collection[str]) -> list[OutgoingMessage]:
    """Letters to be posted and SMS of some sites, the newest first; at most 200."""
    query = select(OutgoingMessage).where(
        OutgoingMessage.channel.in_(("letter", "sms")), OutgoingMessage.site_id.in_(sites)
    )
    return list(session.scalars(query.order_by(OutgoingMessage.id.desc()).limit(MOST_LETTERS)))


def held_messages(session: Session, sites: Collection[str], most: int) -> list[str]:
    """What could not be sent for want of a mail server or gateway, the oldest first; letters are posted by hand."""
    query = select(OutgoingMessage.id).where(
        OutgoingMessage.state == "held", OutgoingMessage.channel != "letter", _at(sites)
    )
    return list(session.scalars(query.order_by(OutgoingMessage.id).limit(most)))


def outgoing_switch(session: Session) -> OutgoingSwitch | None:
    """What was last said about sending; None: nothing yet, so it is on."""
    return session.scalars(select(OutgoingSwitch)).one_or_none()


def _messages(sites: Collection[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            OutgoingMessage.id, OutgoingMessage.channel, OutgoingMessage.site_id, OutgoingMessage.recipient,
            OutgoingMessage.subject, OutgoingMessage.text, OutgoingMessage.link, OutgoingMessage.is_confidential,
            OutgoingMessage.state, OutgoingMessage.created_at, OutgoingMessage.sent_at,
            OutgoingMessage.subscription_id, Job.attempts, Job.last_error, Job.run_at, Job.payload,
            WebhookSubscription.name.label("subscription"),
        )
        .outerjoin(Job, Job.id == OutgoingMessage.id)
        .outerjoin(WebhookSubscription, WebhookSubscription.id == OutgoingMessage.subscription_id)
        .where(_at(sites))
    )  # fmt: skip


def _at(sites: Collection[str]) -> Any:
    return or_(OutgoingMessage.site_id.in_(sites), OutgoingMessage.site_id.is_(None))
