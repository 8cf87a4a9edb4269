"""What concerns an account is told to its owner, whoever did it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Notification
from app.operations.actor import SYSTEM, Actor
from app.operations.history_sealing import seal_history
from app.operations.notifications import notify
from app.operations.sign_in_places import FORGOTTEN_AFTER, note_sign_in
from app.operations.telling import tell_of_events
from app.operations.user_task_claims import assign_user_task
from app.operations.users import choose_own_password, set_password
from tests.integration.operations.dealership import NOW, Dealership

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36"


def _told(session: Session, user_id: str) -> list[str]:
    while seal_history(session, NOW):
        pass
    while tell_of_events(session, NOW):
        pass
    query = select(Notification.kind).where(Notification.user_id == user_id)
    return list(session.scalars(query.order_by(Notification.id)))


def test_changed_passwords_are_told_also_to_who_changed_them(dealership: Dealership, session: Session) -> None:
    choose_own_password(session, "ada", "seven brown kettles hum", now=NOW)
    set_password(session, "bea", "seven brown kettles hum", actor=SYSTEM, now=NOW)
    assert _told(session, "ada") == ["password_changed"]
    assert _told(session, "bea") == ["password_changed"]


@pytest.mark.parametrize(
    ("user_agent", "address", "is_new"),
    [
        (FIREFOX, "203.0.113.9", False),
        (FIREFOX.replace("140", "141"), "203.0.200.1", False),
        (CHROME, "203.0.113.9", True),
        (FIREFOX, "198.51.100.1", True),
        (FIREFOX, "2001:db8::1", True),
        (FIREFOX, "no address", True),
    ],
)
def test_sign_in_from_a_new_place_is_told_once(
    dealership: Dealership, session: Session, user_agent: str, address: str, *, is_new: bool
) -> None:
    note_sign_in(session, "ada", FIREFOX, "203.0.113.9", now=NOW)
    assert _told(session, "ada") == []  # the first of all
    for _ in range(2):
        note_sign_in(session, "ada", user_agent, address, now=NOW)
    assert _told(session, "ada") == ["new_place"] * is_new
    note_sign_in(session, "bea", CHROME, "203.0.113.9", now=NOW)
    assert _told(session, "bea") == []


def test_place_not_seen_for_long_is_new_again(dealership: Dealership, session: Session) -> None:
    late = NOW + FORGOTTEN_AFTER + timedelta(days=1)
    note_sign_in(session, "ada", FIREFOX, "203.0.113.9", now=NOW)
    note_sign_in(session, "ada", CHROME, "203.0.113.9", now=late - timedelta(days=2))
    note_sign_in(session, "ada", FIREFOX, "203.0.113.9", now=late)
    assert _told(session, "ada") == ["new_place", "new_place"]


def test_work_handed_over_as_a_whole_is_told_once(dealership: Dealership, session: Session) -> None:
    notify(session, ["bea"], "handed_over", params={}, actor=Actor("own"), now=NOW)
    for _ in range(3):
        assign_user_task(
            session, dealership.user_task(dealership.start(), "check"), "bea", actor=Actor("own"), now=NOW
        )
    assert _told(session, "bea") == ["handed_over"]
