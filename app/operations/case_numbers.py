"""Case numbers people can read out: initials of the process, year, running number (FU-2026-000123)."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Executable
from sqlalchemy.orm import Session

from app.models import CaseNumber
from app.models.prepared import dialect_name, run, table_of
from app.operations.rows import upsert_statement


def take_case_number(session: Session, process_key: str, *, now: datetime, zone: ZoneInfo) -> str:
    """The next number of the process in this year of the site; without gaps, since it is taken in the transaction."""
    prefix = f"{initials(process_key)}-{now.astimezone(zone).year}"
    last: int = run(session, _take(dialect_name(session)), {"prefix": prefix, "last": 1}).scalar_one()
    return f"{prefix}-{last:06d}"


@lru_cache(maxsize=2)
def _take(dialect: str) -> Executable:
    return upsert_statement(CaseNumber, dialect, added=("last",)).returning(table_of(CaseNumber).c.last)


def initials(process_key: str) -> str:
    """First letters of the words of a key: `follow_up` is FU, a single word gives its first two, `complaint` is CO."""
    words = [word for word in process_key.replace("-", "_").replace(".", "_").split("_") if word]
    letters = "".join(word[0] for word in words) if len(words) > 1 else process_key[:2]
    return letters[:6].upper()
