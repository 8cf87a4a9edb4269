"""R1, R3, R10: people at work over HTTP while processes are killed, crowds push and the database is locked."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import HistoryEvent, UserTask
from benchmarks.server import Server, answers, running_server
from tests.integration.databases import only_sqlite
from tests.integration.operations.dealership import Dealership
from tests.integration.reliability.people_at_work import BUSY, CHANGED, DONE, Ledger, complete, open_cases
from tests.integration.reliability.product import Killer, Person, Place, becomes, running_workers
from tests.integration.reliability.scale import scaled
from tests.integration.reliability.verdict import find_faults, is_idle

SignIn = Callable[[str], Person]


def test_r1_killed_processes_lose_nothing(
    place: Place, server: Server, sign_in: SignIn, dealership: Dealership
) -> None:
    clients, cases = scaled(4, 8), scaled(100, 10_000)  # as many as keep people busy until the first kill
    waiting: SimpleQueue[str] = SimpleQueue()
    ledger = Ledger()
    for user_task_id in open_cases(dealership, cases, "ada"):  # before anybody else writes: it waits for nobody
        waiting.put(user_task_id)
    with running_workers(place, 2) as (one, two):
        people = [sign_in("ada") for _ in range(clients)]
        for person in people:
            person.open_page()
        with (
            Killer(server.process_id, 1.5, lambda: answers(server.port)) as of_server,
            Killer(one, 0.7) as of_one,
            Killer(two, 0.7) as of_two,
            ThreadPoolExecutor(clients) as pool,
        ):
            for work in [pool.submit(ledger.work_off, person, waiting) for person in people]:
                work.result(scaled(90, 3_000))
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

    def finish(person: Person, user_task_id: str) -> int:
        barrier.wait()
        return complete(person, user_task_id).status

    with ThreadPoolExecutor(crowd) as pool:
        for user_task_id in open_cases(dealership, rounds):
            assert Counter(pool.map(claim, people, [user_task_id] * crowd)) == {DONE: 1, CHANGED: crowd - 1}
        for user_task_id in open_cases(dealership, rounds, "ada"):
            assert Counter(pool.map(finish, same, [user_task_id] * crowd)) == {DONE: 1, CHANGED: crowd - 1}
    session.rollback()
    for event_type in ("user_task_claimed", "user_task_completed"):
        told = Counter(session.scalars(select(HistoryEvent.activity_id).where(HistoryEvent.type == event_type)))
        assert set(told.values()) == {1}, (event_type, told)
        assert len(told) == rounds * (2 if event_type == "user_task_claimed" else 1)


@contextmanager
def locked(place: Place, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """Another process locks the SQLite file."""
    program = (
        "import sqlite3, sys, time; connection = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "connection.execute('BEGIN IMMEDIATE'); print('locked', flush=True); time.sleep(float(sys.argv[2]))"
    )
    file = place.database_url.removeprefix("sqlite:///")
    with subprocess.Popen([sys.executable, "-c", program, file, str(seconds)], stdout=subprocess.PIPE) as locker:
        assert locker.stdout
        assert locker.stdout.readline() == b"locked\n"
        yield locker


@only_sqlite
def test_r10_locked_database_makes_writers_wait_and_readers_not(
    place: Place, server: Server, sign_in: SignIn, dealership: Dealership, session: Session
) -> None:
    user_task_ids = open_cases(dealership, 20, "ada")  # more writers than a pool of connections has by itself
    people, reader = [sign_in("ada") for _ in user_task_ids], sign_in("bea")
    for each in (*people, reader):
        each.open_page()
    with locked(place, scaled(8, 30)) as locker, ThreadPoolExecutor(len(people)) as pool:
        began = time.monotonic()
        refused = list(map(pool.submit, [complete] * len(people), people, user_task_ids))
        reads = []
        while not all(answer.done() for answer in refused):
            began_reading = time.monotonic()
            assert reader.open_page("/inbox").status == 200
            reads.append(time.monotonic() - began_reading)
        for answer in refused:
            assert answer.result().status == BUSY
            assert int(answer.result().headers["Retry-After"]) > 0
        assert 4.5 < time.monotonic() - began < 7.5
        assert len(reads) > 5
        assert max(reads) < 3
        assert locker.poll() is None
    assert complete(people[0], user_task_ids[0]).status == DONE
    session.rollback()
    assert session.get_one(UserTask, user_task_ids[0]).state == "completed"


@only_sqlite
def test_who_waits_for_a_thread_on_a_kept_connection_is_answered(
    place: Place, sign_in_at: Callable[[Server, str], Person], dealership: Dealership
) -> None:
    user_task_ids = open_cases(dealership, 4, "ada")
    with running_server(place.environment(THREADS="2", MAX_STREAMS="1")) as server:
        people, reader = [sign_in_at(server, "ada") for _ in user_task_ids], sign_in_at(server, "bea")
        for each in (*people, reader):
            each.open_page()
        with locked(place, 12), ThreadPoolExecutor(len(people)) as pool:
            refused = list(map(pool.submit, [complete] * len(people), people, user_task_ids))
            time.sleep(0.5)  # two have the threads, two come after them: longer than an unused connection is kept
            assert reader.open_page("/inbox").status == 200
            assert [answer.result().status for answer in refused] == [BUSY] * 4
