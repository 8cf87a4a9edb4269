"""Telling people: one row each, one statement, nobody of their own doing."""

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.models import Notification
from app.operations.actor import SYSTEM, Actor
from app.operations.notifications import mark_all_read, mark_read, notify
from tests.integration.operations.dealership import NOW, later

ADA = Actor("ada")


def _unread(session: Session, user_id: str) -> list[str]:
    query = select(Notification.kind).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return list(session.scalars(query.order_by(Notification.id)))


def test_each_recipient_is_told_once_but_who_did_it(session: Session) -> None:
    notify(session, ["ben", "ada", "ben", "cy"], "assigned", params={}, user_task_id="t", actor=ADA, now=NOW)
    told = session.scalars(select(Notification.user_id).order_by(Notification.id)).all()
    assert told == ["ben", "cy"]


def test_what_concerns_an_account_is_told_to_who_did_it(session: Session) -> None:
    notify(session, ["ada"], "second_factor_changed", params={}, actor=ADA, now=NOW)
    assert _unread(session, "ada") == ["second_factor_changed"]


def test_telling_costs_one_statement_and_none_for_nobody(session: Session, engine: Engine) -> None:
    session.connection()
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    notify(session, ["ada"], "assigned", params={}, actor=ADA, now=NOW)
    assert statements == []
    notify(session, ["ben", "cy"], "assigned", params={}, actor=ADA, now=NOW)
    assert len(statements) == 1


def test_reading_is_the_persons_own(session: Session) -> None:
    for _ in range(2):
        notify(session, ["ben"], "mentioned", params={}, actor=ADA, now=NOW)
    first, second = session.scalars(select(Notification.id).order_by(Notification.id))
    mark_read(session, first, actor=ADA, now=later(minutes=1))
    assert len(_unread(session, "ben")) == 2
    mark_read(session, first, actor=Actor("ben"), now=later(minutes=1))
    assert len(_unread(session, "ben")) == 1
    notify(session, ["ben"], "incident", params={}, actor=SYSTEM, now=NOW)
    mark_all_read(session, second, actor=Actor("ben"), now=later(minutes=2))
    assert _unread(session, "ben") == ["incident"]
