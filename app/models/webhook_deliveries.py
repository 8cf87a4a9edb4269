"""What webhooks delivered: the events laid out for one of them, each with its attempts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from app.models.outgoing import OutgoingMessage, WebhookAttempt, WebhookSubscription
from app.models.paging import ListPage, list_page


def subscriptions_at(session: Session, sites: Collection[str], *, has_company: bool) -> list[WebhookSubscription]:
    """The webhooks of some sites, with those of the whole company where asked for."""
    of_company = WebhookSubscription.site_id.is_(None) if has_company else false()
    may_see = or_(WebhookSubscription.site_id.in_(sites), of_company)
    return list(session.scalars(select(WebhookSubscription).where(may_see).order_by(WebhookSubscription.name)))


def deliveries_page(session: Session, subscription_id: str, *, state: str = "", after: str | None = None) -> ListPage:
    """A page of the events laid out for a webhook, the newest first."""
    statement = _deliveries(subscription_id)
    if state:
        statement = statement.where(OutgoingMessage.state == state)
    return list_page(session, statement, (OutgoingMessage.id,), after=after, newest_first=True)


def delivery(session: Session, subscription_id: str, message_id: str) -> Any:
    """One of them, None where there is none."""
    return session.execute(_deliveries(subscription_id).where(OutgoingMessage.id == message_id)).one_or_none()


def attempts_of(session: Session, message_ids: Collection[str]) -> dict[str, list[WebhookAttempt]]:
    """The attempts to deliver some events, each event's in order."""
    query = select(WebhookAttempt).where(WebhookAttempt.message_id.in_(message_ids)).order_by(WebhookAttempt.id)
    found: dict[str, list[WebhookAttempt]] = {}
    for attempt in session.scalars(query):
        found.setdefault(attempt.message_id, []).append(attempt)
    return found


def _deliveries(subscription_id: str) -> Select[*tuple[Any, ...]]:
    return select(
        OutgoingMessage.id, OutgoingMessage.subject, OutgoingMessage.text, OutgoingMessage.state,
        OutgoingMessage.created_at, OutgoingMessage.sent_at,
    ).where(OutgoingMessage.subscription_id == subscription_id)  # fmt: skip
