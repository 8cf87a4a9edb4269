"""Messages to the world outside: written in the business transaction, sent by a job that has the same id."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.config import MAIL_ADDRESS
from app.connectors.mail import one_line
from app.errors import InvalidInput
from app.i18n import LOCALES, N_
from app.identifiers import new_id
from app.models import Job, OutgoingMessage
from app.models.prepared import Prepared, table_of
from app.operations.jobs import job_row
from app.operations.rows import insert_rows

MAIL, WEBHOOK, SMS = "mail", "webhook_delivery", "sms"  # kinds of jobs
OUTGOING_KINDS = (MAIL, WEBHOOK, SMS)
KIND_OF_CHANNEL = {"mail": MAIL, "webhook": WEBHOOK, "sms": SMS}
# A server that is away for a night loses nothing: after the last pause the sender gives up.
RETRY_DELAYS = "[30, 120, 600, 1800, 3600, 7200, 14400]"
MAX_ATTEMPTS = 9
LONGEST_SUBJECT = 200
LONGEST_ADDRESS = 254
DRAWING = "drawing"  # in the payload of a mail's job: the DrawnCase
NOTHING: Mapping[str, object] = {}
LONGEST_GLIMPSE = 60  # of a text that has no subject

State = Literal["waiting", "sent", "held", "failed"]

_MESSAGE = table_of(OutgoingMessage)
_SET_STATE = Prepared(
    update(_MESSAGE)
    .where(_MESSAGE.c.id == bindparam("message"))
    .values(state=bindparam("new_state"), sent_at=bindparam("moment"))
)
_FORGET_SECRET = Prepared(
    update(_MESSAGE).where(_MESSAGE.c.id == bindparam("message"), _MESSAGE.c.is_confidential).values(text="", link=None)
)


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """A case whose diagram goes with a mail, and whose mail it is; drawn when it is sent, if that person may see it."""

    instance_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class MailOptions:
    """What else a mail may say: `link`, a path in the product shown below the text; `locale`, the text's language.

    `is_confidential` where the text lets somebody in: nobody is shown it, and it goes once it is sent.
    """

    link: str | None = None
    locale: str = LOCALES[0]
    is_confidential: bool = False
    drawn_case: DrawnCase | None = None


PLAIN = MailOptions()


def enqueue_mail(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    now: datetime,
    site_id: str | None = None,
    options: MailOptions = PLAIN,
) -> str:
    """Write a mail and the job that sends it; returns its id, which is also the stable part of its Message-ID.

    Without a mail server in the settings it stays on the outbox page. Arguments: text, plain; empty lines part its
    paragraphs. Raises InvalidInput for an address that is none.
    """
    if len(to) > LONGEST_ADDRESS or not MAIL_ADDRESS.fullmatch(to):
        raise InvalidInput(N_("“%(address)s” is not an e-mail address."), address=to)
    message: dict[str, object] = {
        "channel": "mail",
        "site_id": site_id,
        "subscription_id": None,
        "recipient": to,
        "subject": one_line(subject)[:LONGEST_SUBJECT],
        "text": text,
        "link": options.link,
        "locale": options.locale,
        "is_confidential": options.is_confidential,
    }
    payload = {DRAWING: asdict(options.drawn_case)} if options.drawn_case else {}
    return enqueue_message(session, MAIL, message, now=now, payload=payload)


def enqueue_sms(session: Session, *, to: str, text: str, site_id: str, now: datetime) -> str:
    """Write an SMS and the job that gives it to the gateway; without one in the settings it stays in the outbox."""
    return enqueue_message(session, SMS, _to_customer("sms", to, text, site_id), now=now)


def lay_out_letter(session: Session, *, to: str, text: str, site_id: str, now: datetime) -> str:
    """Write a letter that somebody prints and posts: no job, it waits in the list of letters."""
    message_id = new_id()
    row = {**_to_customer("letter", to, text, site_id), "id": message_id, "state": "held"}
    insert_rows(session, OutgoingMessage, [{**row, "created_at": now, "sent_at": None}])
    return message_id


def _to_customer(channel: str, to: str, text: str, site_id: str) -> dict[str, object]:
    return {
        "channel": channel,
        "site_id": site_id,
        "subscription_id": None,
        "recipient": to[:LONGEST_ADDRESS],
        "subject": one_line(text)[:LONGEST_GLIMPSE],
        "text": text,
        "link": None,
        "locale": LOCALES[0],
        "is_confidential": False,
    }


def enqueue_message(
    session: Session, kind: str, message: dict[str, object], *, now: datetime, payload: Mapping[str, object] = NOTHING
) -> str:
    """Write a message and its job with this payload, both under one new id."""
    message_id = new_id()
    row = {"id": message_id, **message, "state": "waiting", "created_at": now, "sent_at": None}
    insert_rows(session, OutgoingMessage, [row])
    insert_rows(session, Job, [job_of_message(kind, message_id, message["site_id"], now, payload)])
    return message_id


def job_of_message(
    kind: str, message_id: str, site_id: object, now: datetime, payload: Mapping[str, object] = NOTHING
) -> dict[str, object]:
    """The row of the job that sends a message."""
    job = job_row(kind, payload, run_at=now, now=now, job_id=message_id)
    return job | {"site_id": site_id, "max_attempts": MAX_ATTEMPTS, "retry_delays": RETRY_DELAYS}


def note_outcome(session: Session, message_id: str, state: State, *, now: datetime) -> None:
    """Write down what became of a message."""
    sent_at = now if state == "sent" else None
    _SET_STATE.change(session, {"message": message_id, "new_state": state, "moment": sent_at})
    if state == "sent":
        _FORGET_SECRET.change(session, {"message": message_id})


def read_message(session: Session, message_id: str) -> OutgoingMessage:
    """The message of a job that is about to send it."""
    return session.scalars(select(OutgoingMessage).where(OutgoingMessage.id == message_id)).one()
