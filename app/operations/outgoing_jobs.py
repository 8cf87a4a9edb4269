"""The jobs that send what lies in the outbox: read before, sent while no transaction is held, noted afterwards."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.connectors import ConnectorCall
from app.connectors.mail import Letter, Picture, send_mail
from app.connectors.signed_webhook import Attempt, Delivery, deliver
from app.connectors.webhook import Webhook
from app.models import WebhookSubscription
from app.operations.case_drawings import LabelledDrawing, drawing_for
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.outgoing import DRAWING, SMS, DrawnCase, note_outcome, read_message
from app.operations.sealed_secrets import SealedSecrets
from app.operations.surroundings import Surroundings
from app.operations.webhook_attempts import may_deliver, note_taken
from app.operations.webhook_subscriptions import PURPOSE

Values = Mapping[str, object]
# In a job's hands: the letter read for it, the drawing for it, and whether there was a server to give it to.
LETTER, DRAWN, BODY, WAS_SENT, ATTEMPT = "letter", "drawn", "body", "was_sent", "attempt"


def read_letter(session: Session, job: LeasedJob) -> Values:
    """What the job is about to send, with the drawing of the case where the reader may (still) see that."""
    message = read_message(session, job.id)
    link = message.link or ""
    letter = Letter(message.id, message.recipient, message.subject, message.text, link, message.locale)
    wanted = DrawnCase(**job.payload[DRAWING]) if DRAWING in job.payload else None
    drawn = drawing_for(session, wanted.user_id, wanted.instance_id, message.locale) if wanted else None
    return {LETTER: letter, DRAWN: drawn}


def send_letter(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Send it; without a mail server it stays where it can be seen. Raises ConnectorFailed."""
    if surroundings.mail is None:
        return {WAS_SENT: False}
    picture = _picture(job.payload[DRAWN], surroundings)
    letter: Letter = replace(job.payload[LETTER], picture=picture)
    send_mail(surroundings.mail, letter.with_address_of(surroundings.public_url))
    return {WAS_SENT: True}


def _picture(drawn: LabelledDrawing | None, surroundings: Surroundings) -> Picture | None:
    content = surroundings.picture_of(drawn.svg) if drawn else None
    return Picture(content, drawn.label) if drawn and content else None


def read_delivery(session: Session, job: LeasedJob) -> Values:
    """The document of a webhook, where it goes, and what signs it, still sealed; of a paused one nothing."""
    message = read_message(session, job.id)
    subscription = session.get_one(WebhookSubscription, message.subscription_id)
    if not may_deliver(subscription, message.subject):
        return {}
    secrets = [(subscription.secret, None), (subscription.previous_secret, subscription.previous_until)]
    return {
        "address": subscription.address, "secrets": [pair for pair in secrets if pair[0]], "owner": subscription.id,
        BODY: message.text,
    }  # fmt: skip


def send_delivery(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Sign and send it; raises NotDelivered."""
    if BODY not in job.payload:
        return {WAS_SENT: False}
    sealed, now = SealedSecrets(surroundings.secret_keys, PURPOSE), datetime.now(UTC)
    secrets = [
        sealed.open(secret, job.payload["owner"]).decode()
        for secret, until in job.payload["secrets"]
        if until is None or now < until
    ]
    body = json.dumps({"id": job.id, **json.loads(job.payload[BODY])}, ensure_ascii=False).encode()
    attempt = deliver(surroundings.guard, Delivery(job.id, job.payload["address"], body, secrets))
    return {WAS_SENT: True, ATTEMPT: attempt}


def read_sms(session: Session, job: LeasedJob) -> Values:
    """What goes to whom."""
    message = read_message(session, job.id)
    return {BODY: {"id": message.id, "to": message.recipient, "text": message.text}}


def send_sms(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Give it to the gateway, the webhook `sms` of the settings; without one it stays where it can be seen.

    Raises ConnectorFailed.
    """
    if SMS not in surroundings.webhooks:
        return {WAS_SENT: False}
    inputs = {"target": SMS, **job.payload[BODY]}
    Webhook().run(ConnectorCall(job.id, inputs, surroundings.webhooks, surroundings.guard))
    return {WAS_SENT: True}


def note_delivery(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """The same for a webhook, with what the other program answered."""
    note_outgoing(session, job, result, now)
    attempt = result.get(ATTEMPT)
    if isinstance(attempt, Attempt):
        note_taken(session, job.id, attempt, now)


def note_outgoing(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Note in the job's transaction what became of it."""
    finish_job(session, job)
    note_outcome(session, job.id, "sent" if result[WAS_SENT] else "held", now=now)
