"""The whole product with the shipped processes and imported visits, served for browser tests; its clock stands still.

One product serves a whole test module: every test works on user tasks of its own (`ImportedProduct.take`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.config import Config
from app.database import writing
from app.models import Job, PlannedFollowUp, Site, UserTask
from app.operations.actor import Actor
from app.operations.follow_up_plan import START_JOB
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import read_export
from app.worker import run_due
from tests.browser import house
from tests.browser.serving import serving
from tests.endings import let_go_of_databases

IMPORTED_AT = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)  # a Wednesday, ten o'clock in Shanghai
NOW = IMPORTED_AT + timedelta(days=2)
PEOPLE = {
    "advisor": ("林小禾", ("cr_advisor",)),
    "colleague": ("白星河", ("cr_advisor",)),
    "reception": ("冬青", ("service_advisor",)),
    "auditor": ("审晴", ("auditor",)),
    "owner": ("程远", ("process_owner",)),
    "admin": ("管理员", ("admin",)),
}
VISITS = 14


@dataclass
class ImportedProduct:
    """The address of the served product and a way to reach its database."""

    address: str
    sessions: sessionmaker[Session]
    _given: set[str] = field(default_factory=set)

    def take(self) -> str:
        """The id of an unclaimed user task that no other test has."""
        with self.sessions() as session:
            query = select(UserTask.id).where(UserTask.element_id == "Activity_Prepare", UserTask.assignee_id.is_(None))
            found = next(row for row in session.scalars(query.order_by(UserTask.id)) if row not in self._given)
        self._given.add(found)
        return found

    def write(self, change: Callable[[Session], object]) -> None:
        """Do something as an operation would."""
        with writing(), self.sessions() as session:
            change(session)
            session.commit()

    def sign_in(self, page: Page, user_id: str) -> Page:
        """Sign in on the sign-in page."""
        return house.sign_in(page, self.address, user_id)


def _visits() -> bytes:
    rows = ["业务类型,单号,客户姓名,称谓,联系电话,车牌号,VIN,交车时间,开票日期,同意回访"]
    rows += [
        f"维修,RO-{number:03},客户{number:02},女士,100{number:08},示T{number:05},ZZZTESTX0TA{number:06},2026-05-18,,是"
        for number in range(1, VISITS + 1)
    ]
    return "\n".join(rows).encode()


def _fill(sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        people = [(user_id, name, groups) for user_id, (name, groups) in PEOPLE.items()]
        house.add_house(session, Site(id="hq", name="示范店"), people, "en", IMPORTED_AT)
        actor = Actor("reception")
        export = read_export(_visits(), "visits.csv")
        upload = upload_visits(session, export, site_id="hq", actor=actor, now=IMPORTED_AT)
        import_good_rows(session, upload.id, is_consent_assumed=False, actor=actor, now=IMPORTED_AT)
        # All on one day, and for whoever claims them.
        session.execute(update(PlannedFollowUp).values(advisor_id=None, planned_on=IMPORTED_AT.date()))
        session.execute(update(Job).where(Job.kind == START_JOB).values(run_at=IMPORTED_AT))
        session.commit()
    with writing():
        run_due(sessions, NOW)


def _application(folder: Path, database_url: str, keys_url: str) -> Flask:
    config = Config(
        data_dir=folder, database_url=database_url, keys_database_url=keys_url, is_production=False,
        secret_key=house.SECRET_KEY, default_locale="en", max_streams=20,
    )
    app = create_app(config)
    app.extensions["clock"] = lambda: NOW
    return app


@contextmanager
def served_product(sqlite_template: Path, folder: Path) -> Iterator[ImportedProduct]:
    """Fill a database in `folder` and serve the product on it."""
    database_url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'aftercare.db')}"
    with house.opened_databases(database_url, folder) as (keys_url, sessions):
        _fill(sessions)
        app = _application(folder, database_url, keys_url)
        with serving(app) as address:
            yield ImportedProduct(address, sessions)
        let_go_of_databases(app)
