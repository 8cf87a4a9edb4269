"""Case numbers people can read out: initials of the process, year, running number (FU-2026-000123)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.models import CaseNumber
from app.models.prepared import Prepared, table_of
from app.operations.rows import upsert_statement

_TAKE = Prepared(
    lambda dialect: upsert_statement(CaseNumber, dialect, added=("last",)).returning(table_of(CaseNumber).c.last),
    ("prefix", "last"),
)


def take_case_number(session: Session, process_key: str, *, now: datetime, zone: ZoneInfo) -> str:
    """The next number of the process in this year of the site; without gaps, since it is taken in the transaction."""
    prefix = f"{initials(process_key)}-{now.astimezone(zone).year}"
    [(last,)] = _TAKE.rows(session, {"prefix": prefix, "last": 1})
    return f"{prefix}-{last:06d}"


def initials(process_key: str) -> str:
    """First letters of the words of a key: `follow_up` is FU, a single word gives its first two, `complaint` is CO."""
    words = [word for word in process_key.replace("-", "_").replace(".", "_").split("_") if word]
    letters = "".join(word[0] for word in words) if len(words) > 1 else process_key[:2]
    return letters[:6].upper()
