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
from app.database import writing
from app.models import Site
from app.operations.groups import DEFAULT_GROUPS
from app.worker import run_due
from tests.browser.house import SECRET_KEY, add_house, opened_databases
from tests.browser.serving import serving
from tests.endings import let_go_of_databases


@dataclass(frozen=True)
class Product:
    """Address of the pages; every group has one user of its name."""

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
    with opened_databases(database_url, folder) as (keys_url, sessions):
        config = Config(
            data_dir=folder,
            database_url=database_url,
            keys_database_url=keys_url,
            secret_key=SECRET_KEY,
            is_production=False,
            test_clock=True,
            default_locale=locale,
        )
        people = [
            (group, chinese if locale == "zh_CN" else english, [group]) for group, english, chinese in DEFAULT_GROUPS
        ]
        with writing(), sessions.begin() as session:
            site = Site(id="main", name="示范城西店", zone="Asia/Shanghai")
            add_house(session, site, people, locale, engine_clock(config)())
        app = create_app(config)
        with serving(app) as address:
            yield Product(address, config, sessions)
        let_go_of_databases(app)
