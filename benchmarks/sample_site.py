"""A site with its people on fresh databases (SQLite, the settings of production) in a folder that goes away again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session, sessionmaker

from app.cli.upgrade_database import upgrade_both
from app.config import load_config
from app.database import create_engine_for, session_factory, writing
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.passwords import generate_password
from app.operations.sites import create_site
from app.operations.users import NewUser, create_user
from benchmarks.sample_data import RESOURCES

SITE, PERSON, GROUP = "main", "advisor", "cr_advisor"
ADVISOR = Actor(PERSON)
PREFIX = "AFTERCARE_"


@dataclass(frozen=True)
class SampleSite:
    """Sessions on the databases, the environment a server finds them by, and the password of `PERSON`."""

    sessions: sessionmaker[Session]
    environment: dict[str, str]
    password: str


@contextmanager
def sample_site(*resources: str, database_url: str | None = None) -> Iterator[SampleSite]:
    """A site where `PERSON` is in `GROUP`.

    Arguments: resources, names of files in resources/ that are deployed as one bundle; database_url, an empty
    database to use instead of SQLite.
    """
    with TemporaryDirectory(prefix="aftercare-benchmark-") as folder:
        environment = _environment(Path(folder))
        if database_url:
            environment[f"{PREFIX}DATABASE_URL"] = database_url
        config = load_config(environment)
        upgrade_both(config)
        engines = (
            create_engine_for(config.database_url),
            create_engine_for(config.keys_database_url, is_key_store=True),
        )
        site = SampleSite(session_factory(*engines), environment, generate_password())
        try:
            _settle(site, resources)
            yield site
        finally:
            for engine in engines:
                engine.dispose()


def _environment(folder: Path) -> dict[str, str]:
    """That of this process without its own settings of the product, if it has any."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**inherited, f"{PREFIX}DATA_DIR": str(folder)}


def _settle(site: SampleSite, resources: tuple[str, ...]) -> None:
    now = datetime.now(UTC)
    person = NewUser(PERSON, "An advisor", ((GROUP, SITE),), must_change_password=False, locale="en")
    files = {name: (RESOURCES / name).read_bytes() for name in resources}
    with writing(), site.sessions.begin() as session:
        create_site(session, SITE, "A site", zone="Asia/Shanghai", is_outlet=False, actor=SYSTEM, now=now)
        create_user(session, person, site.password, actor=SYSTEM, now=now)
        if files:
            deploy(session, files, name="benchmarks", reason="To be measured", actor=SYSTEM, now=now)
