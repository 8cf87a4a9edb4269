"""Who is told of events by webhook: made, changed, paused and given new secrets by owners and administrators."""

import base64
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.connectors.outgoing_guard import OutgoingGuard
from app.connectors.signed_webhook import SECRET_PREFIX
from app.errors import InvalidInput, NotAllowed, NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import WebhookSubscription
from app.operations.actor import Actor
from app.operations.administration import require_company_administrator
from app.operations.authority import CASE_OWNERS, groups_at
from app.operations.changed_fields import changed_fields, required_texts
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.operations.sealed_secrets import SealedSecrets
from app.operations.webhook_kinds import KIND_KEYS, WEBHOOK_KINDS

# What secrets of webhooks are sealed for.
PURPOSE = "webhook"
SECRET_BYTES = 32
OLD_SECRET_KEPT = timedelta(days=3)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class WantedSubscription:
    """What somebody has typed. `site_id` None: the events of all sites; no `process_keys`: of all processes."""

    name: str
    address: str
    site_id: str | None
    kinds: Collection[str]
    process_keys: Collection[str] = ()


def create_subscription(
    session: Session,
    wanted: WantedSubscription,
    *,
    guard: OutgoingGuard,
    sealed: SealedSecrets,
    actor: Actor,
    now: datetime,
) -> tuple[str, str]:
    """Add one; returns its id and the secret, which is shown once.

    Raises NotAllowed, and InvalidInput or AddressRefused, naming the field.
    """
    _require_right(session, actor, wanted.site_id)
    values = _checked(wanted, guard)
    secret, subscription_id = _new_secret(), new_id()
    row = WebhookSubscription(
        id=subscription_id, site_id=wanted.site_id, secret=sealed.seal(secret.encode(), subscription_id),
        is_active=True, created_by=actor.user_id, created_at=now, **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    body = {"subscription": subscription_id, "name": row.name, "address": row.address, "kinds": sorted(wanted.kinds)}
    body |= {"processes": sorted(wanted.process_keys)}
    _record(session, "webhook_subscribed", body, wanted.site_id, actor, now)
    return subscription_id, secret


def change_subscription(
    session: Session,
    subscription_id: str,
    wanted: WantedSubscription,
    *,
    is_active: bool,
    guard: OutgoingGuard,
    actor: Actor,
    now: datetime,
) -> None:
    """Change name, address, kinds, processes, or whether it is told; raises as `create_subscription`, and NotFound."""
    row = subscription_for(session, subscription_id, actor)
    changes = changed_fields(row, {**_checked(wanted, guard), "is_active": is_active})
    if is_active:  # it begins anew
        row.failing_since = row.stopped_at = None
    if changes:
        session.flush()
        body = {"subscription": row.id, "changes": changes}
        _record(session, "webhook_subscription_changed", body, row.site_id, actor, now)


def replace_secret(
    session: Session,
    subscription_id: str,
    *,
    old_until: datetime | None,
    sealed: SealedSecrets,
    actor: Actor,
    now: datetime,
) -> str:
    """Give it another secret and return it, this once.

    Arguments: old_until, until when, in real time, the old one signs as well; None: it signs no more. Raises NotFound,
    NotAllowed.
    """
    row, secret = subscription_for(session, subscription_id, actor), _new_secret()
    row.previous_secret, row.previous_until = (row.secret if old_until else None), old_until
    row.secret = sealed.seal(secret.encode(), row.id)
    session.flush()
    body = {"subscription": row.id, "old_until": old_until.isoformat() if old_until else None}
    _record(session, "webhook_secret_replaced", body, row.site_id, actor, now)
    return secret


def subscription_for(session: Session, subscription_id: str, actor: Actor) -> WebhookSubscription:
    """A subscription that the person may look after; raises NotFound, NotAllowed."""
    row = session.get(WebhookSubscription, subscription_id)
    if row is None:
        raise NotFound(N_("This webhook does not exist, or you may not see it."))
    _require_right(session, actor, row.site_id)
    return row


def _require_right(session: Session, actor: Actor, site_id: str | None) -> None:
    if site_id is None:
        require_company_administrator(session, actor)
    else:
        _require_owner(session, actor, site_id)


def _require_owner(session: Session, actor: Actor, site_id: str) -> None:
    if actor.kind != "system" and not groups_at(session, actor.user_id, site_id) & CASE_OWNERS:
        raise NotAllowed(N_("Only process owners and administrators may do this."))


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _checked(wanted: WantedSubscription, guard: OutgoingGuard) -> dict[str, object]:
    texts = required_texts({"name": wanted.name, "address": wanted.address}, LONGEST_NAME * 4)
    if len(texts["name"]) > LONGEST_NAME:
        refusal = N_("Use at most %(count)s characters.")
        raise InvalidInput(refusal, fields={"name": refusal}, count=LONGEST_NAME)
    if not wanted.kinds or not frozenset(wanted.kinds) <= KIND_KEYS:
        refusal = N_("Choose at least one kind of event.")
        raise InvalidInput(refusal, fields={"kinds": refusal})
    try:
        guard.check(texts["address"])
    except InvalidInput as error:
        raise InvalidInput(error.msgid, fields={"address": error.msgid}, **error.params) from error
    kinds = [kind.key for kind in WEBHOOK_KINDS if kind.key in wanted.kinds]
    return {**texts, "kinds": json.dumps(kinds), "process_keys": json.dumps(sorted(wanted.process_keys))}


def _record(
    session: Session, event_type: str, body: Mapping[str, object], site_id: str | None, actor: Actor, now: datetime
) -> None:
    append_events(session, CONFIGURATION_STREAM, [Event(event_type, body)], actor=actor, now=now, site_id=site_id)
