"""R1, R3, R10: people at work over HTTP while processes are killed, crowds push and the database is locked."""

import http.client
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from queue import Empty, SimpleQueue

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, UserTask
from benchmarks.server import Server, answers
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import Dealership
from tests.integration.reliability.product import Killer, Person, Place, becomes, children, running_worker
from tests.integration.reliability.scale import scaled
from tests.integration.reliability.verdict import find_faults, is_idle

SignIn = Callable[[str], Person]
DONE, CHANGED, BUSY = 303, 409, 503


def _open_cases(dealership: Dealership, count: int, assignee: str | None = None) -> list[str]:
    """Ids of the user tasks `check` of new cases."""
    session, ids = dealership.session, []
    for number in range(count):
        case = dealership.start(now=datetime.now(UTC))
        user_task_id = dealership.user_task(case, "check")
        if assignee:
            dealership.claim(case, "check", assignee, datetime.now(UTC))
        ids.append(user_task_id)
        if number % 20 == 0:
            session.commit()
    session.commit()
    return ids


def _complete(person: Person, user_task_id: str) -> int:
    return person.send(f"/user-tasks/{user_task_id}/complete", verdict="send", note="a secret", score="").status


class Ledger:
    """What people were told. `unanswered` are completions whose answer never came: they may have happened."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.unanswered: set[str] = set()
        self.statuses: Counter[int] = Counter()

    def work_off(self, person: Person, waiting: "SimpleQueue[str]") -> None:
        while True:
            try:
                user_task_id = waiting.get_nowait()
            except Empty:
                return
            deadline = time.monotonic() + 30
            while not self._is_done(person, user_task_id):
                assert time.monotonic() < deadline, (user_task_id, self.statuses)
                time.sleep(0.1)
            time.sleep(random.uniform(0.02, 0.2))  # nobody types faster

    def _is_done(self, person: Person, user_task_id: str) -> bool:
        try:
            status = _complete(person, user_task_id)
        except (OSError, http.client.HTTPException):
            self.unanswered.add(user_task_id)
            return False
        self.statuses[status] += 1
        assert status in (DONE, CHANGED, BUSY), status
        if status == DONE:
            self.acknowledged.append(user_task_id)
        return status == DONE or (status == CHANGED and user_task_id in self.unanswered)


def test_r1_killed_processes_lose_nothing(
    place: Place, server: Server, sign_in: SignIn, dealership: Dealership
) -> None:
    clients, cases = scaled(4, 8), scaled(60, 10_000)
    waiting: SimpleQueue[str] = SimpleQueue()
    ledger = Ledger()
    with running_worker(place) as one, running_worker(place) as two:
        for user_task_id in _open_cases(dealership, cases, "ada"):
            waiting.put(user_task_id)
        people = [sign_in("ada") for _ in range(clients)]
        for person in people:
            person.open_page()
        assert becomes(lambda: all(map(children, (one.pid, two.pid))), within=30)
        with (
            Killer(server.process_id, 1.5, lambda: answers(server.port)) as of_server,
            Killer(one.pid, 0.7) as of_one,
            Killer(two.pid, 0.7) as of_two,
            ThreadPoolExecutor(clients) as pool,
        ):
            for work in [pool.submit(ledger.work_off, person, waiting) for person in people]:
                work.result(scaled(60, 3_000))
        assert becomes(lambda: place.ask(lambda reader: is_idle(reader, "message")), within=scaled(30, 300))
    kills = of_server.kills, of_one.kills + of_two.kills
    assert min(kills) >= 1, kills
    assert sum(kills) >= scaled(3, 100), kills
    assert len(ledger.acknowledged) + len(ledger.unanswered) >= cases
    assert place.ask(lambda reader: find_faults(reader, ledger.acknowledged)) == []


def test_r3_one_of_fifty_wins(server: Server, sign_in: SignIn, dealership: Dealership, session: Session) -> None:
    crowd, rounds = 50, scaled(1, 200)
    people = [sign_in(f"person-{number}") for number in range(crowd)]
    same = [sign_in("ada") for _ in range(crowd)]  # all fifty windows of one person
    for person in (*people, *same):
        person.open_page()
    barrier = threading.Barrier(crowd)

    def claim(person: Person, user_task_id: str) -> int:
        barrier.wait()
        return person.send(f"/user-tasks/{user_task_id}/claim").status

    def complete(person: Person, user_task_id: str) -> int:
        barrier.wait()
        return _complete(person, user_task_id)

    with ThreadPoolExecutor(crowd) as pool:
        for user_task_id in _open_cases(dealership, rounds):
            assert Counter(pool.map(claim, people, [user_task_id] * crowd)) == {DONE: 1, CHANGED: crowd - 1}
        for user_task_id in _open_cases(dealership, rounds, "ada"):
            assert Counter(pool.map(complete, same, [user_task_id] * crowd)) == {DONE: 1, CHANGED: crowd - 1}
    session.rollback()
    for event_type in ("user_task_claimed", "user_task_completed"):
        told = Counter(session.scalars(select(HistoryEvent.activity_id).where(HistoryEvent.type == event_type)))
        assert set(told.values()) == {1}, (event_type, told)
        assert len(told) == rounds * (2 if event_type == "user_task_claimed" else 1)


@only_sqlite
def test_r10_locked_database_makes_writers_wait_and_readers_not(
    place: Place, server: Server, sign_in: SignIn, dealership: Dealership, session: Session
) -> None:
    (user_task_id,) = _open_cases(dealership, 1, "ada")
    person, reader = sign_in("ada"), sign_in("bea")
    for each in (person, reader):
        each.open_page()
    program = (
        "import sqlite3, sys, time; connection = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "connection.execute('BEGIN IMMEDIATE'); print('locked', flush=True); time.sleep(float(sys.argv[2]))"
    )
    file = place.database_url.removeprefix("sqlite:///")
    with (
        subprocess.Popen([sys.executable, "-c", program, file, str(scaled(8, 30))], stdout=subprocess.PIPE) as locker,
        ThreadPoolExecutor(1) as pool,
    ):
        assert locker.stdout
        assert locker.stdout.readline() == b"locked\n"
        began = time.monotonic()
        refused = pool.submit(person.send, f"/user-tasks/{user_task_id}/complete", verdict="end", note="kept", score="")
        reads = []
        while not refused.done():
            began_reading = time.monotonic()
            assert reader.open_page("/inbox").status == 200
            reads.append(time.monotonic() - began_reading)
        assert refused.result().status == BUSY
        assert int(refused.result().headers["Retry-After"]) > 0
        assert 4.5 < time.monotonic() - began < 7.5
        assert len(reads) > 5
        assert max(reads) < 2
        assert locker.poll() is None
    assert _complete(person, user_task_id) == DONE
    session.rollback()
    assert session.get_one(UserTask, user_task_id).state == "completed"
