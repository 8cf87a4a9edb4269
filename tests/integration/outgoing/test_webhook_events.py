"""Webhooks: every kind of event is told to who wants it, each attempt kept, and repeated; days of failure end it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.connectors.outgoing_guard import OutgoingGuard
from app.connectors.signed_webhook import signature
from app.database import writing
from app.engine.outcome import RaisedIncident
from app.errors import InvalidInput, NotAllowed, NotFound
from app.models import HistoryEvent, Job, Notification, OutgoingMessage, UserTask, WebhookAttempt, WebhookSubscription
from app.operations import webhook_replay
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import lock_case
from app.operations.delegation import delegate_user_task, resolve_user_task
from app.operations.due_dates_told import has_due_dates_to_tell, tell_of_due_dates
from app.operations.failures import raise_incident
from app.operations.history_sealing import seal_history
from app.operations.process_instances import cancel_instance
from app.operations.sealed_secrets import SealedSecrets
from app.operations.surroundings import Surroundings
from app.operations.webhook_attempts import STOPPED_AFTER
from app.operations.webhook_events import feed_webhooks
from app.operations.webhook_kinds import WEBHOOK_KINDS
from app.operations.webhook_replay import ReplayedRange, replay_delivery, replay_range, send_test_event
from app.operations.webhook_subscriptions import PURPOSE, replace_secret
from app.worker import run_due
from tests.examples import RUNTIMES, example
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import NOW, Dealership, later
from tests.integration.outgoing.webhooks import SECRET, subscription
from tests.integration.reliability.product import becomes
from tests.integration.webhook_receiver import Receiver, guard_for, webhook_receiver

Sessions = sessionmaker[Session]
KEYS = ("the product's own key",)
OWNER = Actor("own")


def _messages(session: Session) -> list[tuple[str | None, str]]:
    while seal_history(session, NOW):
        pass
    while feed_webhooks(session, NOW):
        pass
    query = select(OutgoingMessage.subscription_id, OutgoingMessage.subject).order_by(OutgoingMessage.id)
    return [(subscription_id, kind) for subscription_id, kind in session.execute(query)]


@only_sqlite
def test_every_kind_of_event_reaches_who_wants_it_and_nobody_else(dealership: Dealership, session: Session) -> None:
    session.add_all([
        subscription("all"), subscription("here", site_id="main", processes=["inquiry"]),
        subscription("there", site_id="outlet"), subscription("other", processes=["initiator"]),
    ])  # fmt: skip
    session.flush()
    case = dealership.start()
    user_task_id, due = dealership.user_task(case, "check"), later(hours=1)
    session.execute(update(UserTask).where(UserTask.id == user_task_id).values(due_at=due, due_sort=due))
    tell_of_due_dates(session, NOW)
    assert has_due_dates_to_tell(session, later(hours=2)), "nobody has taken it, and still it is overdue"
    tell_of_due_dates(session, later(hours=2))
    dealership.claim(case, "check", "ada")
    delegate_user_task(session, user_task_id, "bea", question="?", actor=Actor("ada"), now=NOW)
    resolve_user_task(session, user_task_id, remark="yes", actor=Actor("bea"), now=NOW)
    incident = RaisedIncident(None, "check", "job_failed", "It failed.", {})
    raise_incident(session, lock_case(session, case.id), incident, job_id=None, actor=SYSTEM, now=NOW)
    dealership.complete(dealership.start(), "check", "ada", verdict="later")
    cancel_instance(session, case.id, "a test", actor=OWNER, now=NOW)
    told = _messages(session)
    assert {kind for name, kind in told if name == "all"} == {kind.key for kind in WEBHOOK_KINDS}
    assert [kind for name, kind in told if name == "here"] == [kind for name, kind in told if name == "all"]
    assert {name for name, _kind in told} == {"all", "here"}
    assigned = [kind for name, kind in told if name == "here" and kind == "user_task.assigned"]
    assert len(assigned) == 4, "two claims, lent, given back"


@pytest.fixture
def sealed() -> SealedSecrets:
    return SealedSecrets(KEYS, PURPOSE)


@pytest.fixture
def hook(dealership: Dealership, session: Session, sealed: SealedSecrets) -> str:
    session.add(subscription("hook", site_id="main", secret=sealed.seal(SECRET.encode(), "hook")))
    session.commit()
    return "hook"


def _sent(sessions: Sessions, receiver: Receiver, now: datetime) -> None:
    surroundings = Surroundings(guard=guard_for(receiver), secret_keys=KEYS)
    run_due(sessions, now, surroundings=surroundings, with_periodic=False)


def _tested(sessions: Sessions, hook: str, address: str) -> str:
    with writing(), sessions() as session:
        session.get_one(WebhookSubscription, hook).address = address
        message_id = send_test_event(session, hook, actor=OWNER, now=NOW)
        session.commit()
    return message_id


def _attempts(sessions: Sessions) -> list[tuple[int | None, str | None, str]]:
    with sessions() as session:
        query = select(WebhookAttempt).order_by(WebhookAttempt.id)
        return [(one.status, one.problem, one.answer) for one in session.scalars(query)]


@only_sqlite
def test_each_attempt_is_kept_and_days_of_failure_switch_it_off(sessions: Sessions, hook: str) -> None:
    with webhook_receiver() as receiver:
        receiver.status, receiver.answer = 503, b"later" * 200
        _tested(sessions, hook, receiver.address)
        for hours in (0, 1, 2):
            _sent(sessions, receiver, later(hours=hours))
        receiver.status = 204
        _sent(sessions, receiver, later(hours=20))
        assert _attempts(sessions) == [(503, "status", ("later" * 200)[:500])] * 3 + [(204, None, "")]
        with sessions() as session:
            assert session.get_one(WebhookSubscription, hook).failing_since is None
        receiver.status = 500
        for hours in (30, 31):
            _tested(sessions, hook, receiver.address)
            _sent(sessions, receiver, later(hours=hours))
        with writing(), sessions() as session:
            waiting = send_test_event(session, hook, actor=OWNER, now=NOW)
            session.execute(update(OutgoingMessage).where(OutgoingMessage.id == waiting).values(subject="case.started"))
            session.execute(update(Job).where(Job.id == waiting).values(run_at=later(days=9)))
            session.commit()
        _sent(sessions, receiver, later(hours=31) + STOPPED_AFTER)
        with sessions() as session:
            row = session.get_one(WebhookSubscription, hook)
            assert (row.is_active, row.stopped_at) == (False, later(hours=31) + STOPPED_AFTER)
            told = session.execute(select(Notification.user_id, Notification.params)).all()
            assert [(user_id, json.loads(params)) for user_id, params in told] == [("own", {"webhook": "hook"})]
            assert session.scalar(select(HistoryEvent.type).where(HistoryEvent.type == "webhook_switched_off"))
        before = len(receiver.received)
        _sent(sessions, receiver, later(days=9))
        with sessions() as session:
            assert session.get_one(OutgoingMessage, waiting).state == "held", "what waits is not sent meanwhile"
        keys = {key for key, _document in receiver.received[before:]}
        assert waiting not in keys


@only_sqlite
def test_why_it_was_not_taken_is_known_and_goes_with_its_message(sessions: Sessions, hook: str) -> None:
    with webhook_receiver() as receiver:
        for address in ("https://10.0.0.1/", receiver.address.replace("127.0.0.1", "localhost")):
            _tested(sessions, hook, address)
            _sent(sessions, receiver, NOW)
        address = receiver.address
        _tested(sessions, hook, address)
    _sent(sessions, receiver, NOW)  # nobody listens any more
    assert [problem for _status, problem, _answer in _attempts(sessions)] == ["refused", "refused", "no_answer"]
    with writing(), sessions() as session:
        session.execute(delete(OutgoingMessage))
        session.commit()
    assert _attempts(sessions) == []


def _is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> list[bool]:
    """As Standard Webhooks says, written anew."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return [given == expected for given in headers["Webhook-Signature"].split(" ")]


@only_sqlite
def test_two_secrets_are_good_while_one_is_replaced(sessions: Sessions, hook: str, sealed: SealedSecrets) -> None:
    def replaced(old_until: datetime | None) -> str:
        with writing(), sessions() as session:
            new = replace_secret(session, hook, old_until=old_until, sealed=sealed, actor=OWNER, now=NOW)
            session.commit()
        return new

    def signed(secret: str) -> list[bool]:
        with webhook_receiver() as receiver:
            _tested(sessions, hook, receiver.address)
            _sent(sessions, receiver, NOW)
            return _is_signed(secret, receiver.headers[0], receiver.bodies[0])

    assert signed(SECRET) == [True]
    second = replaced(datetime.now(UTC) + timedelta(days=3))
    assert (signed(second), signed(SECRET)) == ([True, False], [False, True])
    third = replaced(datetime.now(UTC) - timedelta(seconds=1))
    assert signed(third) == [True], "its time is over"
    assert signed(replaced(None)) == [True]


@only_sqlite
def test_deliveries_are_repeated_under_their_own_ids(
    sessions: Sessions, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with webhook_receiver() as receiver:
        ids = [_tested(sessions, hook, receiver.address) for _ in range(3)]
        _sent(sessions, receiver, NOW)
        with writing(), sessions() as session:
            session.execute(update(OutgoingMessage).where(OutgoingMessage.id == ids[0]).values(state="failed"))
            session.execute(delete(Job).where(Job.id == ids[1]))  # long done
            whole = ReplayedRange(NOW, later(seconds=1), only_missed=False)
            assert replay_range(session, hook, whole, actor=OWNER, now=NOW) == 3
            session.commit()
        _sent(sessions, receiver, NOW)
        with writing(), sessions() as session:
            replay_delivery(session, hook, ids[2], actor=OWNER, now=NOW)
            session.commit()
        _sent(sessions, receiver, NOW)
    assert sorted(str(key) for key, _document in receiver.received) == sorted([*ids, *ids, ids[2]])
    with sessions() as session:
        missed = ReplayedRange(NOW, later(seconds=1), only_missed=True)
        assert replay_range(session, hook, missed, actor=OWNER, now=NOW) == 0
        for stranger in ("ada", "far"):
            with pytest.raises(NotAllowed):
                replay_range(session, hook, missed, actor=Actor(stranger), now=NOW)
        with pytest.raises(NotFound):
            replay_delivery(session, hook, "nothing", actor=OWNER, now=NOW)
        monkeypatch.setattr(webhook_replay, "MOST_AT_ONCE", 2)
        with pytest.raises(InvalidInput):
            replay_range(session, hook, whole, actor=OWNER, now=NOW)


@only_sqlite
@pytest.mark.parametrize("name", RUNTIMES)
def test_receivers_of_the_documentation_take_what_is_genuine_once(sessions: Sessions, hook: str, name: str) -> None:
    port, (program, path) = _free_port(), example("verify_webhook", name)
    settings = {**os.environ, "AFTERCARE_WEBHOOK_SECRET": SECRET}
    with subprocess.Popen([program, str(path), str(port)], env=settings, stdout=subprocess.PIPE) as receiver:
        try:
            address = f"http://127.0.0.1:{port}/in"
            assert becomes(lambda: _posted(port, {}) == 401, within=20)
            message_id = _tested(sessions, hook, address)
            surroundings = Surroundings(guard=OutgoingGuard(frozenset({("127.0.0.1", port)}), True), secret_keys=KEYS)
            for _ in range(2):
                run_due(sessions, NOW, surroundings=surroundings, with_periodic=False)
                with writing(), sessions() as session:
                    replay_delivery(session, hook, message_id, actor=OWNER, now=NOW)
                    session.commit()
            old = str(int(time.time()) - 301)
            given = "v1," + signature(SECRET, "x", old, b"{}")
            signed = {"Webhook-Id": "x", "Webhook-Timestamp": old, "Webhook-Signature": given}
            assert _posted(port, signed) == 401, "genuine once, and too old"
        finally:
            receiver.terminate()
        assert receiver.stdout
        assert receiver.stdout.read().decode().splitlines() == [f"test {message_id}"]
    assert _attempts(sessions) == [(204, None, "")] * 2


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _posted(port: int, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", "/in", b"{}", dict(headers))
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
