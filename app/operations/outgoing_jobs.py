"""The jobs that send what lies in the outbox: read before, sent while no transaction is held, noted afterwards."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.connectors.mail import Letter, send_mail
from app.connectors.signed_webhook import Delivery, deliver
from app.models import WebhookSubscription
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.outgoing import note_outcome, read_message
from app.operations.sealed_secrets import SealedSecrets
from app.operations.surroundings import Surroundings
from app.operations.webhook_subscriptions import PURPOSE

Values = Mapping[str, object]
# In a job's hands: the letter read for it, and whether there was a server to give it to.
LETTER, BODY, WAS_SENT = "letter", "body", "was_sent"


def read_letter(session: Session, job: LeasedJob) -> Values:
    """What the job is about to send."""
    message = read_message(session, job.id)
    link = message.link or ""
    return {LETTER: Letter(message.id, message.recipient, message.subject, message.text, link, message.locale)}


def send_letter(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Send it; without a mail server it stays where it can be seen. Raises ConnectorFailed."""
    if surroundings.mail is None:
        return {WAS_SENT: False}
    send_mail(surroundings.mail, job.payload[LETTER].with_address_of(surroundings.public_url))
    return {WAS_SENT: True}


def read_delivery(session: Session, job: LeasedJob) -> Values:
    """The document of a webhook, where it goes, and what signs it, still sealed."""
    message = read_message(session, job.id)
    subscription = session.get_one(WebhookSubscription, message.subscription_id)
    sealed = {"secret": subscription.secret, "owner": subscription.id}
    return {"address": subscription.address, **sealed, BODY: message.text}


def send_delivery(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Sign and send it; raises ConnectorFailed."""
    sealed = SealedSecrets(surroundings.secret_keys, PURPOSE)
    secret = sealed.open(job.payload["secret"], job.payload["owner"]).decode()
    body = json.dumps({"id": job.id, **json.loads(job.payload[BODY])}, ensure_ascii=False).encode()
    deliver(surroundings.guard, Delivery(job.id, job.payload["address"], body, secret))
    return {WAS_SENT: True}


def note_outgoing(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Note in the job's transaction what became of it."""
    finish_job(session, job)
    note_outcome(session, job.id, "sent" if result[WAS_SENT] else "held", now=now)
