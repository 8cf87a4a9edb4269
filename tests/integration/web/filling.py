"""What fills the databases of the tests of pages: people of every role, and a dealership with one case."""

from datetime import UTC, datetime
from functools import cache

from flask import Flask

from app import create_app
from app.config import Config
from app.database import create_engine_for, session_factory, writing
from app.extensions import db
from app.models import Group, Membership, Site, User
from app.operations.groups import ensure_default_groups
from app.operations.passwords import hash_password
from tests.endings import let_go_of_databases
from tests.integration.web.browser import PASSWORD
from tests.integration.web.dealership import ELSEWHERE, HERE, Dealership, add_content, build
from tests.snapshots import Place

ROLES = (
    "service_advisor",
    "cr_advisor",
    "customer_service",
    "customer_service_manager",
    "service_manager",
    "general_manager",
    "auditor",
    "process_owner",
    "admin",
)
STRANGER = "stranger"  # every group, but at another site
CHIEF = "chief"  # administers both sites, which is the whole company


def config_of(place: Place) -> Config:
    """The settings of the application that a test asks."""
    return Config(
        data_dir=place.folder,
        database_url=place.database_url,
        keys_database_url=place.keys_url,
        secret_key="a key only the tests know, long enough",
        is_production=False,
        default_locale="en",
        max_streams=6,
    )


def fill_with_people(place: Place) -> None:
    """People only."""
    app = create_app(config_of(place))
    add_people(app)
    let_go_of_databases(app)


def fill_dealership(place: Place) -> Dealership:
    """People, and one real case at the main house."""
    app = create_app(config_of(place))
    add_people(app)
    engines = create_engine_for(place.database_url), create_engine_for(place.keys_url, is_key_store=True)
    sessions = session_factory(*engines)
    built = build(sessions)
    add_content(sessions, app.extensions["files"].store, built)
    let_go_of_databases(app)
    for engine in engines:
        engine.dispose()
    return built


@cache
def password_hash() -> str:
    """That of everybody's password: a hash costs as much as a test."""
    return hash_password(PASSWORD)


def add_people(app: Flask) -> None:
    """A user per role at one site, named as the role; a stranger with all roles at another; the chief of both."""
    with app.app_context(), writing():
        session = db.session
        ensure_default_groups(session())
        session.add_all([Site(id=HERE, name="Main house"), Site(id=ELSEWHERE, name="Outlet", is_outlet=True)])
        session.flush()
        memberships = [(role, role, HERE) for role in ROLES]
        memberships += [(STRANGER, group.id, ELSEWHERE) for group in session.query(Group)]
        memberships += [(CHIEF, "admin", HERE), (CHIEF, "admin", ELSEWHERE)]
        for user_id in (*ROLES, STRANGER, CHIEF):
            session.add(
                User(
                    id=user_id,
                    display_name=user_id.replace("_", " ").title(),
                    password_hash=password_hash(),
                    locale="en",
                    home_site_id=ELSEWHERE if user_id == STRANGER else HERE,
                    created_at=datetime.now(UTC),
                )
            )
        session.flush()
        session.add_all(Membership(user_id=user, group_id=group, site_id=site) for user, group, site in memberships)
        session.commit()
