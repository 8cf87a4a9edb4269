"""The jobs that send what lies in the outbox: read before, sent while no transaction is held, noted afterwards."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.connectors import ConnectorCall
from app.connectors.mail import Letter, Picture, send_mail
from app.connectors.signed_webhook import Delivery, deliver
from app.connectors.webhook import Webhook
from app.models import WebhookSubscription
from app.operations.case_drawings import LabelledDrawing, drawing_for
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.outgoing import DRAWING, SMS, DrawnCase, note_outcome, read_message
from app.operations.sealed_secrets import SealedSecrets
from app.operations.surroundings import Surroundings
from app.operations.webhook_subscriptions import PURPOSE

Values = Mapping[str, object]
# In a job's hands: the letter read for it, the drawing for it, and whether there was a server to give it to.
LETTER, DRAWN, BODY, WAS_SENT = "letter", "drawn", "body", "was_sent"


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


def note_outgoing(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Note in the job's transaction what became of it."""
    finish_job(session, job)
    note_outcome(session, job.id, "sent" if result[WAS_SENT] else "held", now=now)
