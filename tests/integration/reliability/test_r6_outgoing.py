"""R6: what goes to the world outside arrives at least once, and a repetition can be told by its key."""

import time
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import HistoryEvent, Incident, Job, OutgoingMessage, ProcessInstance
from app.operations import job_handlers
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.history_verification import verify_history
from app.operations.incidents import retry_incident
from app.operations.job_leases import LeasedJob
from app.operations.outgoing import enqueue_mail
from app.operations.process_instances import start_process
from app.operations.surroundings import Surroundings
from app.worker import Worker
from app.worker import hands as worker_hands
from tests.integration.databases import only_sqlite
from tests.integration.mail_receiver import mail_receiver
from tests.integration.operations.dealership import NOW, Dealership, later, resources
from tests.integration.reliability.product import Killer, Place, becomes, running_workers
from tests.integration.reliability.scale import scaled
from tests.integration.reliability.verdict import is_idle
from tests.integration.webhook_receiver import Receiver, shop_at, webhook_receiver


@pytest.fixture
def notifying(session: Session, dealership: Dealership) -> Session:
    deploy(session, resources("notify.bpmn"), name="n", reason="r", actor=SYSTEM, now=NOW)
    session.commit()
    return session


def _notify(session: Session, numbers: range, now: datetime) -> None:
    with writing(5):
        for number in numbers:
            values = {"day": "2026-03-02", "count": number}
            start_process(session, "notify", values, site_id="main", actor=SYSTEM, now=now)
        session.commit()


def _faults(session: Session, receiver: Receiver, count: int) -> list[str]:
    """What the receiver, who knows nothing but keys and documents, would complain of."""
    numbers = defaultdict(set)
    for key, document in receiver.received:
        assert isinstance(document, dict)
        numbers[key].add(document["count"])
    faults = [f"a key for several effects: {key}" for key, sent in numbers.items() if len(sent) != 1]
    effects = sorted(number for sent in numbers.values() for number in sent)
    faults += [f"lost: {number}" for number in set(range(count)) - set(effects)]
    if len(effects) != len(set(effects)):
        faults.append("several keys for one effect")
    jobs = set(session.scalars(select(Job.id).where(Job.kind == "connector")))
    faults += [f"key of no job: {key}" for key in set(numbers) - jobs]
    return faults


def test_r6_killed_workers_lose_no_effect(place: Place, notifying: Session) -> None:
    effects, kills = scaled(60, 2_000), scaled(4, 50)
    with webhook_receiver() as receiver:
        settings = {"WEBHOOKS": f"shop={receiver.address}"}
        with running_workers(place, 2, **settings) as (one, two):
            with Killer(one, 0.5) as of_one, Killer(two, 0.5) as of_two:
                sent = 0
                while of_one.kills + of_two.kills < kills or sent < effects:
                    _notify(notifying, range(sent, sent + 10), datetime.now(UTC))
                    sent += 10
                    time.sleep(0.3)
            for _ in range(2):
                assert becomes(lambda: place.ask(lambda reader: is_idle(reader, "connector")), within=scaled(60, 300))
                _retry_incidents(notifying)
    assert place.ask(lambda reader: _faults(reader, receiver, sent)) == []
    done = select(func.count()).where(HistoryEvent.type == "job_completed")
    assert place.ask(lambda reader: reader.scalar(done)) == sent
    ended = select(func.count()).where(ProcessInstance.state == "completed")
    assert place.ask(lambda reader: reader.scalar(ended)) == sent
    assert place.ask(lambda reader: verify_history(reader).is_intact)


def _retry_incidents(session: Session) -> None:
    """A job whose worker was killed five times running ends as an incident, where its owner finds it."""
    session.rollback()
    with writing(30):
        for incident_id in session.scalars(select(Incident.id).where(Incident.is_open)).all():
            retry_incident(session, incident_id, actor=Actor("own"), now=datetime.now(UTC))
        session.commit()


def test_r6_killed_workers_lose_no_mail(place: Place, session: Session) -> None:
    count, kills = scaled(40, 2_000), scaled(3, 50)
    with mail_receiver() as receiver:
        settings = {"SMTP_URL": f"smtp://127.0.0.1:{receiver.port}", "MAIL_FROM": "care@shop.example"}
        with running_workers(place, 1, **settings) as (one,):
            with Killer(one, 0.5) as killer:
                written: list[str] = []
                while killer.kills < kills or len(written) < count:
                    written += _write_mails(session, range(len(written), len(written) + 10))
                    time.sleep(0.3)
            assert becomes(lambda: place.ask(_unsent) == 0, within=scaled(90, 600))
    keys = defaultdict(set)
    for _to, mail in receiver.received:
        keys[str(mail["Message-ID"]).strip("<>").partition("@")[0]].add(str(mail["Subject"]))
    assert set(keys) == set(written)
    effects = sorted(subject for subjects in keys.values() for subject in subjects)
    assert effects == sorted(str(number) for number in range(len(written)))


def _write_mails(session: Session, numbers: range) -> list[str]:
    now = datetime.now(UTC)
    with writing(5):
        written = [enqueue_mail(session, to="a@b.example", subject=str(n), text="t", now=now) for n in numbers]
        session.commit()
    return written


def _unsent(session: Session) -> int:
    return session.scalar(select(func.count()).where(OutgoingMessage.state != "sent")) or 0


class Death(BaseException):
    """The end of a worker, as far as its job is concerned."""


@only_sqlite
def test_r6_death_between_effect_and_commit_repeats_the_effect_with_its_key(
    place: Place, notifying: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = job_handlers.JOB_HANDLERS["connector"]

    def die(*_arguments: object) -> None:
        raise Death

    with webhook_receiver() as receiver:
        _notify(notifying, range(1), NOW)
        surroundings = shop_at(receiver)
        with monkeypatch.context() as patch:
            patch.setitem(worker_hands.JOB_HANDLERS, "connector", job_handlers.JobKind("connector", die, kind.work))
            _run(place, surroundings, NOW)
        _run(place, surroundings, later(hours=1))
    ((first_key, first), (second_key, second)) = receiver.received
    assert (first_key, first) == (second_key, second)
    assert place.ask(lambda reader: reader.execute(select(Job.state, Job.attempts)).all()) == [("done", 2)]


@only_sqlite
def test_r6_would_see_effects_lost(place: Place, notifying: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a job that is done first and works afterwards loses its effect when it dies between."""
    kind = job_handlers.JOB_HANDLERS["connector"]

    def finish_and_die(job: LeasedJob, _surroundings: Surroundings) -> dict[str, object]:
        with writing(5), place.sessions() as session:
            kind.apply(session, job, {}, NOW)
            session.commit()
        raise Death

    monkeypatch.setitem(
        worker_hands.JOB_HANDLERS, "connector", job_handlers.JobKind("connector", kind.apply, finish_and_die)
    )
    _notify(notifying, range(1), NOW)
    with webhook_receiver() as receiver:
        _run(place, shop_at(receiver), NOW)
    assert place.ask(lambda reader: _faults(reader, receiver, 1)) == ["lost: 0"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.worker.worker.PAUSE_AFTER_ERROR_SECONDS", 0.001)


def _run(place: Place, surroundings: Surroundings, now: datetime) -> None:
    """One look of a worker at what is due; a death in it ends nothing but its job."""
    worker = Worker(place.sessions, lambda: now, surroundings)
    worker.run_due()
