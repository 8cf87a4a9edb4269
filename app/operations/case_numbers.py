"""Case numbers people can read out: initials of the process, year, running number (FU-2026-000123)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.models import CaseNumber
from app.operations.rows import table_of, upsert_statement

_NUMBERS = table_of(CaseNumber)


def take_case_number(session: Session, process_key: str, *, now: datetime, zone: ZoneInfo) -> str:
    """The next number of the process in this year of the site; without gaps, since it is taken in the transaction."""
    prefix = f"{initials(process_key)}-{now.astimezone(zone).year}"
    dialect = session.get_bind(CaseNumber).dialect.name
    statement = upsert_statement(CaseNumber, dialect, added=("last",)).returning(_NUMBERS.c.last)
    last = session.execute(statement, {"prefix": prefix, "last": 1}).scalar_one()
    return f"{prefix}-{last:06d}"


def initials(process_key: str) -> str:
    """First letters of the words of a key: `follow_up` is FU, a single word gives its first two, `complaint` is CO."""
    words = [word for word in process_key.replace("-", "_").replace(".", "_").split("_") if word]
    letters = "".join(word[0] for word in words) if len(words) > 1 else process_key[:2]
    return letters[:6].upper()
