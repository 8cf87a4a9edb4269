"""The mail with a link to a new password, sent by a job.

The token is made in the hands of the job and goes into the mail and, as a hash, into the database: it lies nowhere,
however long a mail server is away. A further attempt makes a further token.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import real_clock
from app.connectors.mail import Letter, send_mail
from app.i18n import N_, translations
from app.models import User
from app.operations.actor import SYSTEM
from app.operations.job_leases import LeasedJob, finish_job
from app.operations.jobs import enqueue
from app.operations.password_links import VALID_FOR, new_link_token, password_link_path, store_password_link
from app.operations.sign_in import hash_token
from app.operations.surroundings import Surroundings

KIND = "password_mail"
MAX_ATTEMPTS = 4
SUBJECT = N_("Your new password for Aftercare")
TEXT = N_(
    "Somebody, probably you, asked for a new password for “%(user)s”. Choose it within %(minutes)s minutes on the page"
    " below. If it was not you, do nothing: your password stays as it is."
)

Values = Mapping[str, object]


def request_password_mail(session: Session, user_id: str, *, now: datetime) -> None:
    """Have a link sent to whoever this is; for a name that nobody has the same work is done, and nothing sent."""
    enqueue(session, KIND, {"user": _addressee(session, user_id)}, run_at=now, now=now, max_attempts=MAX_ATTEMPTS)


def read_addressee(session: Session, job: LeasedJob) -> Values:
    """Where the mail goes, and in which language."""
    user = session.get(User, str(job.payload["user"])) if job.payload["user"] else None
    return {"to": user.email, "locale": user.mail_locale} if user and user.email else {"to": None}


def send_link(job: LeasedJob, surroundings: Surroundings) -> Values:
    """Make the token and send it. Raises ConnectorFailed."""
    to, user_id = job.payload["to"], str(job.payload["user"])
    if to is None or surroundings.mail is None:
        return {}
    token, locale = new_link_token(), str(job.payload["locale"])
    catalog = translations(locale)
    text = catalog.gettext(TEXT) % {"user": user_id, "minutes": int(VALID_FOR.total_seconds() // 60)}
    letter = Letter(job.id, str(to), catalog.gettext(SUBJECT), text, password_link_path(token), locale)
    send_mail(surroundings.mail, letter.with_address_of(surroundings.public_url))
    return {"token_hash": hash_token(token), "made_at": real_clock()}  # the clock of the cases may be moved


def note_link(session: Session, job: LeasedJob, result: Values, _now: datetime) -> None:
    """Keep the hash in the job's transaction: a mail that was not sent has no link."""
    finish_job(session, job)
    token_hash, made_at = result.get("token_hash"), result.get("made_at")
    if isinstance(token_hash, bytes) and isinstance(made_at, datetime):
        store_password_link(session, str(job.payload["user"]), token_hash, actor=SYSTEM, now=made_at)


def _addressee(session: Session, user_id: str) -> str:
    """The user, where there is one who signs in with a password and has an address; else nothing."""
    query = select(User.id).where(
        User.id == user_id, User.is_active, User.email.is_not(None), User.password_hash.is_not(None)
    )
    return session.scalar(query) or ""
