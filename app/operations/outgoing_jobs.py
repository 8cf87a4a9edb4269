"""The jobs that send what lies in the outbox: read before, sent while no transaction is held, noted afterwards."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.connectors.mail import Letter, send_mail
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.outgoing import note_outcome, read_message
from app.operations.surroundings import Surroundings

Values = Mapping[str, object]
# In a job's hands: the letter read for it, and whether there was a server to give it to.
LETTER, WAS_SENT = "letter", "was_sent"


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


def note_letter(session: Session, job: LeasedJob, result: Values, now: datetime) -> None:
    """Note in the job's transaction what became of it."""
    finish_job(session, job)
    note_outcome(session, job.id, "sent" if result[WAS_SENT] else "held", now=now)
