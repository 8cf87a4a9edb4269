"""What happens to cases reaches whom it concerns, each once, and as mail in the way each person wants it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from app.engine.outcome import RaisedIncident
from app.models import (
    Membership,
    Notification,
    NotificationHours,
    NotificationPreference,
    OutgoingMessage,
    User,
    UserTask,
)
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import lock_case
from app.operations.delegation import delegate_user_task, resolve_user_task
from app.operations.due_dates_told import tell_of_due_dates
from app.operations.failures import raise_incident
from app.operations.group_leaders import leaders_of
from app.operations.history_sealing import seal_history
from app.operations.notification_mail import MOST_SINGLE, mail_notifications
from app.operations.notifications import mark_all_read, notify
from app.operations.process_instances import start_process
from app.operations.telling import tell_of_events
from app.operations.user_task_claims import assign_user_task
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import NOW, Dealership, later
from tests.integration.outgoing.webhooks import subscription


def _told(session: Session, now: datetime = NOW) -> Sequence[tuple[str, str]]:
    """Who was told what, after the history was sealed and followed to its end."""
    while seal_history(session, now):
        pass
    while tell_of_events(session, now):
        pass
    query = select(Notification.user_id, Notification.kind).order_by(Notification.id)
    return [(user_id, kind) for user_id, kind in session.execute(query)]


def test_own_work_is_told_to_nobody(dealership: Dealership, session: Session) -> None:
    case = dealership.start()
    dealership.claim(case, "check", "ada")
    assert _told(session) == []


def test_assigned_delegated_and_resolved_are_told_once(dealership: Dealership, session: Session) -> None:
    user_task_id = dealership.user_task(dealership.start(), "check")
    assign_user_task(session, user_task_id, "bea", actor=Actor("dan"), now=NOW)
    assert _told(session) == [("bea", "assigned")]
    delegate_user_task(session, user_task_id, "ada", question="?", actor=Actor("bea"), now=NOW)
    resolve_user_task(session, user_task_id, remark="yes", actor=Actor("ada"), now=NOW)
    told = [("bea", "assigned"), ("ada", "delegated"), ("bea", "resolved")]
    assert _told(session) == told
    assert _told(session) == told


def test_what_was_done_meanwhile_is_not_told(dealership: Dealership, session: Session) -> None:
    case = dealership.start()
    assign_user_task(session, dealership.user_task(case, "check"), "bea", actor=Actor("dan"), now=NOW)
    dealership.complete(case, "check", "bea", verdict="later")
    assert _told(session) == []


def test_new_work_of_a_group_is_told_to_who_asked(dealership: Dealership, session: Session) -> None:
    for user_id, on_page in (("bea", True), ("two", False), ("far", True)):
        session.add(NotificationPreference(user_id=user_id, kind="candidate", on_page=on_page, mail="off"))
    dealership.start()
    assert _told(session) == [("bea", "candidate")]


def test_incidents_are_told_to_the_owners_of_the_site(dealership: Dealership, session: Session) -> None:
    case = dealership.start()
    incident = RaisedIncident(None, "check", "job_failed", "It failed.", {})
    raise_incident(session, lock_case(session, case.id), incident, job_id=None, actor=SYSTEM, now=NOW)
    assert _told(session) == [("own", "incident")]


def test_incidents_of_the_same_place_are_told_once_an_hour_and_the_case_to_who_may_see_it(
    dealership: Dealership, session: Session
) -> None:
    session.add(Membership(user_id="bea", group_id="admin", site_id="main"))
    session.execute(delete(Membership).where(Membership.user_id == "bea", Membership.group_id == "cr_advisor"))
    incident = RaisedIncident(None, "check", "job_failed", "It failed.", {})
    cases = [dealership.start() for _ in range(3)]
    for case, minutes in zip(cases, (0, 50, 200), strict=True):
        now = later(minutes=minutes)
        raise_incident(session, lock_case(session, case.id), incident, job_id=None, actor=SYSTEM, now=now)
    assert len(_told(session, later(hours=4))) == 4
    query = select(Notification.user_id, Notification.instance_id).order_by(Notification.user_id, Notification.id)
    told = [(user_id, instance_id) for user_id, instance_id in session.execute(query)]
    assert told == [("bea", None), ("bea", None), ("own", cases[0].id), ("own", cases[2].id)]


def test_another_kind_or_the_same_name_in_another_process_is_told_as_well(
    dealership: Dealership, session: Session
) -> None:
    listener = start_process(session, "listener", {"order": "7"}, site_id="main", actor=SYSTEM, now=NOW)
    inquiry = dealership.start()
    occasions = [(inquiry, "job_failed"), (inquiry, "job_failed"), (inquiry, "budget"), (listener, "budget")]
    for minutes, (case, kind) in enumerate(occasions):
        incident = RaisedIncident(None, "check", kind, "It failed.", {})
        raise_incident(
            session, lock_case(session, case.id), incident, job_id=None, actor=SYSTEM, now=later(minutes=minutes)
        )
    assert _told(session, later(hours=1)) == [("own", "incident")] * 3


def test_due_dates_are_told_once_before_and_once_after(dealership: Dealership, session: Session) -> None:
    case = dealership.start()
    user_task_id = dealership.claim(case, "check", "ada")
    due = later(hours=3)
    session.execute(update(UserTask).where(UserTask.id == user_task_id).values(due_at=due, due_sort=due))
    kinds = []
    for minutes in range(0, 240, 10):
        tell_of_due_dates(session, later(minutes=minutes))
        kinds.append([kind for _user, kind in _told(session)])
    assert kinds[11] == []
    assert kinds[12] == ["due_soon"]
    assert kinds[17] == ["due_soon"]
    assert kinds[18] == ["due_soon", "overdue"]
    assert kinds[-1] == ["due_soon", "overdue"]
    tell_of_due_dates(session, later(minutes=5))  # the clock was put back
    assert [kind for _user, kind in _told(session)] == ["due_soon", "overdue"]


def test_what_nobody_has_taken_is_told_to_who_leads_its_group(dealership: Dealership, session: Session) -> None:
    case = dealership.start()
    due = later(hours=3)
    session.execute(update(UserTask).where(UserTask.instance_id == case.id).values(due_at=due, due_sort=due))
    for minutes in range(0, 240, 30):
        tell_of_due_dates(session, later(minutes=minutes))
    (told,) = session.scalars(select(Notification)).all()
    assert (told.user_id, told.kind, told.instance_id) == ("dan", "overdue_untaken", None)
    assert json.loads(told.params) == {"user_task": "Check"}, "dan reads no cases of this process"
    assert leaders_of(session, ["records_clerk"], "outlet") == []


@only_sqlite
def test_looking_for_due_dates_reads_no_table_to_its_end(dealership: Dealership, session: Session) -> None:
    session.add(subscription("all"))  # programs want to know of what nobody has taken as well
    session.commit()
    heard: list[tuple[str, tuple[object, ...]]] = []
    listened = session.get_bind(UserTask)
    event.listen(listened, "before_cursor_execute", lambda *told: heard.append((told[2], told[3])))
    tell_of_due_dates(session, NOW)
    cursor = session.connection().connection.cursor()
    for statement, values in heard:
        if statement.startswith("SELECT"):
            plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            assert not [step for step in plan if step.startswith("SCAN user_task")], plan


@pytest.fixture
def mailbox(dealership: Dealership, session: Session) -> Session:
    session.get_one(User, "ada").email = "ada@shop.example"
    session.get_one(User, "ada").locale = "en"
    session.flush()
    return session


def _mails(session: Session, now: datetime) -> list[str]:
    while mail_notifications(session, now):
        pass
    return list(session.scalars(select(OutgoingMessage.subject).order_by(OutgoingMessage.id)))


def _mention(session: Session, times: int = 1, kind: str = "mentioned") -> None:
    for _ in range(times):
        notify(session, ["ada"], kind, params={"note": "look"}, actor=Actor("bea"), now=NOW)


def test_mail_is_sent_once_in_the_readers_language(mailbox: Session) -> None:
    _mention(mailbox)
    assert _mails(mailbox, NOW) == ["Bea mentioned you"]
    assert _mails(mailbox, later(days=2)) == ["Bea mentioned you"]
    message = mailbox.scalars(select(OutgoingMessage)).one()
    assert (message.recipient, message.link) == ("ada@shop.example", "/notifications")
    assert "look" in message.text


def test_who_has_chosen_no_language_gets_mail_all_the_same(mailbox: Session) -> None:
    mailbox.get_one(User, "ada").locale = ""
    _mention(mailbox)
    [subject] = _mails(mailbox, NOW)
    assert "Bea" in subject
    assert mailbox.scalars(select(OutgoingMessage.locale)).one() == "zh_CN"


def test_who_has_no_address_or_does_not_want_mail_gets_none(mailbox: Session) -> None:
    notify(mailbox, ["cam"], "mentioned", params={}, actor=Actor("bea"), now=NOW)
    mailbox.add(NotificationPreference(user_id="ada", kind="mentioned", on_page=True, mail="off"))
    _mention(mailbox)
    assert _mails(mailbox, NOW) == []


def test_mail_waits_for_the_end_of_quiet_hours_and_comes_together(mailbox: Session) -> None:
    mailbox.add(NotificationHours(
        user_id="ada", quiet_from="15:00", quiet_until="17:00", urgent_passes=True, daily_at="08:00"
    ))  # fmt: skip
    mailbox.flush()  # NOW is 16:00 in Shanghai
    _mention(mailbox, MOST_SINGLE + 1)
    _mention(mailbox, kind="new_place")
    assert _mails(mailbox, NOW) == ["Signed in from a new place"]
    assert _mails(mailbox, later(minutes=59)) == ["Signed in from a new place"]
    assert _mails(mailbox, later(hours=1)) == ["Signed in from a new place", f"{MOST_SINGLE + 1} notifications"]


def test_daily_mail_leaves_out_what_was_read(mailbox: Session) -> None:
    mailbox.add(NotificationPreference(user_id="ada", kind="mentioned", on_page=True, mail="daily"))
    _mention(mailbox)
    assert _mails(mailbox, NOW) == []
    newest = mailbox.scalars(select(Notification.id)).one()
    mark_all_read(mailbox, newest, actor=Actor("ada"), now=NOW)
    mailbox.expire_all()
    _mention(mailbox)
    assert _mails(mailbox, NOW + timedelta(hours=15, minutes=59)) == []
    assert _mails(mailbox, NOW + timedelta(hours=16)) == ["Bea mentioned you"]
