"""The whole product on a database of its own: pages over HTTP, jobs run when the test says, a clock it can move."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.clock import engine_clock, move_clock
from app.config import Config
from app.database import create_engine_for, session_factory, upgrade_keys_database, writing
from app.models import Membership, Site, User
from app.operations.actor import SYSTEM
from app.operations.deployments import deploy
from app.operations.groups import DEFAULT_GROUPS, ensure_default_groups
from app.operations.passwords import hash_password
from app.operations.shipped import shipped_resources
from app.operations.working_calendars import seed_working_calendar
from app.worker import run_due
from tests.browser.serving import serving
from tests.endings import let_go_of_databases

PASSWORD = "four brown kettles sing"
SITE = "main"


@dataclass(frozen=True)
class Product:
    """Address of the pages; every group has one user of its name, with the password PASSWORD."""

    address: str
    config: Config
    sessions: sessionmaker[Session]

    def work(self) -> None:
        """Run all jobs that are due."""
        run_due(self.sessions, engine_clock(self.config)())

    def move_clock(self, ahead: timedelta) -> None:
        """Let time pass, and what falls due in it."""
        move_clock(self.config, ahead)
        self.work()


@contextmanager
def running_product(database_url: str, folder: Path, locale: str) -> Iterator[Product]:
    """Serve the product with the shipped processes on a migrated, empty database."""
    keys_url = f"sqlite:///{folder / 'keys.db'}" if database_url.startswith("sqlite") else database_url
    if keys_url != database_url:
        upgrade_keys_database(keys_url)
    config = Config(
        data_dir=folder,
        database_url=database_url,
        keys_database_url=keys_url,
        secret_key="a key only the tests know, long enough",
        is_production=False,
        test_clock=True,
        default_locale=locale,
    )
    main, keys = create_engine_for(database_url), create_engine_for(keys_url, is_key_store=True)
    sessions = session_factory(main, keys)
    _fill(sessions, config, locale)
    app = create_app(config)
    with serving(app) as address:
        yield Product(address, config, sessions)
    let_go_of_databases(app)
    main.dispose()
    keys.dispose()


def _fill(sessions: sessionmaker[Session], config: Config, locale: str) -> None:
    now = engine_clock(config)()
    password_hash = hash_password(PASSWORD)
    with writing(), sessions.begin() as session:
        session.add(Site(id=SITE, name="示范城西店", zone="Asia/Shanghai"))
        session.flush()
        ensure_default_groups(session)
        seed_working_calendar(session, SITE, years=(now.year,), actor=SYSTEM, now=now)
        for group, english, chinese in DEFAULT_GROUPS:
            name = chinese if locale == "zh_CN" else english
            session.add(
                User(
                    id=group,
                    display_name=name,
                    password_hash=password_hash,
                    locale=locale,
                    home_site_id=SITE,
                    created_at=now,
                )
            )
            session.flush()
            session.add(Membership(user_id=group, group_id=group, site_id=SITE))
        session.flush()
        deploy(session, shipped_resources(), name="aftercare", reason="Test", actor=SYSTEM, now=now)
