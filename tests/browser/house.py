"""What every served product begins with: its databases, a site with people and the shipped processes, the way in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy.orm import Session, sessionmaker

from app.database import create_engine_for, session_factory, upgrade_keys_database
from app.models import Membership, Site, User
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.groups import ensure_default_groups
from app.operations.passwords import hash_password
from app.operations.shipped import shipped_resources
from app.operations.working_calendars import seed_working_calendar

PASSWORD = "four brown kettles sing"
SECRET_KEY = "a key only the tests know, long enough"


@contextmanager
def opened_databases(database_url: str, folder: Path) -> Iterator[tuple[str, sessionmaker[Session]]]:
    """The address of the store of keys, which is made where the database is SQLite, and what makes sessions."""
    keys_url = database_url
    if database_url.startswith("sqlite"):
        keys_url = f"sqlite:///{folder / 'keys.db'}"
        upgrade_keys_database(keys_url)
    engines = create_engine_for(database_url), create_engine_for(keys_url, is_key_store=True)
    yield keys_url, session_factory(*engines)
    for engine in engines:
        engine.dispose()


def add_house(
    session: Session, site: Site, people: Iterable[tuple[str, str, Sequence[str]]], locale: str, now: datetime
) -> None:
    """A site with its calendar, the shipped processes, and people as (user name, name, groups) with the PASSWORD."""
    ensure_default_groups(session)
    session.add(site)
    session.flush()
    password_hash = hash_password(PASSWORD)
    for user_id, name, groups in people:
        session.add(
            User(
                id=user_id, display_name=name, password_hash=password_hash, locale=locale, home_site_id=site.id,
                created_at=now,
            )
        )  # fmt: skip
        session.flush()
        session.add_all(Membership(user_id=user_id, group_id=group, site_id=site.id) for group in groups)
    seed_working_calendar(session, site.id, years=(now.year,), actor=SYSTEM, now=now)
    deploy(session, shipped_resources(), name="shipped", reason="tests", actor=SYSTEM, now=now)


def sign_in(page: Page, address: str, user_id: str) -> Page:
    """Sign in on the sign-in page."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=user_id]", user_id)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page
