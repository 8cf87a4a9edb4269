"""The steps that are cut short: how a case is brought before each, and how the step is taken."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import Customer, ProcessInstance, UserTask
from app.operations.actor import Actor
from app.operations.job_leases import claim_due_jobs, start_jobs
from app.operations.process_instances import start_process
from app.operations.surroundings import Surroundings
from app.operations.user_tasks import claim_user_task, complete_user_task
from app.worker.bench import Bench
from app.worker.hands import Hand
from tests.integration.operations.dealership import NOW, later

Sessions = sessionmaker[Session]
Prepare = Callable[[Session, str, str], object]
ADA = Actor("ada")


@dataclass(frozen=True)
class Step:
    """`prepare` brings a new case (business key, customer) before the step; `take` takes it, commits included."""

    prepare: Prepare
    take: Callable[[Sessions, str, str], object]


def add_customer(session: Session, customer_id: str) -> None:
    session.add(Customer(id=customer_id, name="王小明", phone="10012345678", created_at=NOW, created_by="ada"))


def _start(session: Session, key: str, customer_id: str) -> None:
    values = {"subject": "a noise", "customer_id": customer_id}
    start_process(session, "inquiry", values, site_id="main", business_key=key, actor=ADA, now=NOW)


def _claim(session: Session, key: str, _customer_id: str) -> None:
    claim_user_task(session, _user_task(session, key), actor=ADA, now=NOW)


def _complete(verdict: str) -> Prepare:
    def complete(session: Session, key: str, _customer_id: str) -> None:
        values = {"verdict": verdict, "note": "a secret"}
        complete_user_task(session, _user_task(session, key), values, revision=None, actor=ADA, now=NOW)

    return complete


def _user_task(session: Session, key: str) -> str:
    statement = (
        select(UserTask.id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .where(ProcessInstance.business_key == key)
    )
    return session.scalars(statement).one()


def _one_after_the_other(*parts: Prepare) -> Prepare:
    def prepare(session: Session, key: str, customer_id: str) -> None:
        for part in parts:
            part(session, key, customer_id)

    return prepare


def _in_one_transaction(part: Prepare) -> Callable[[Sessions, str, str], object]:
    """As a request does it."""

    def take(sessions: Sessions, key: str, customer_id: str) -> None:
        with writing(5), sessions() as session:
            part(session, key, customer_id)
            session.commit()

    return take


def _as_a_job(kind: str, now: datetime = NOW) -> Callable[[Sessions, str, str], object]:
    """As the worker does it: leased in one transaction, done in another."""

    def take(sessions: Sessions, _key: str, _customer_id: str) -> None:
        with writing(5), sessions() as session:
            jobs = claim_due_jobs(session, (kind,), now=now, limit=1)
            start_jobs(session, jobs)
            session.commit()
        Hand(Bench(sessions, lambda: now, Surroundings(), threading.Event()), jobs).run()

    return take


STEPS: Mapping[str, Step] = {
    "start": Step(lambda _session, _key, _customer_id: None, _in_one_transaction(_start)),
    "claim": Step(_start, _in_one_transaction(_claim)),
    "complete": Step(_one_after_the_other(_start, _claim), _in_one_transaction(_complete("send"))),
    "timer": Step(_start, _as_a_job("timer", later(hours=1))),
    "message": Step(_one_after_the_other(_start, _claim, _complete("send")), _as_a_job("message")),
    "connector": Step(_one_after_the_other(_start, _claim, _complete("withdraw")), _as_a_job("connector")),
}
