"""The product in processes of its own: server, workers, people who send requests, and somebody who kills."""

import contextlib
import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from sqlalchemy.orm import Session, sessionmaker

from app.database import reading
from app.models import Job, SubjectKey

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[3]
# The server closes connections that are idle for five seconds; who sends just then is refused.
IDLE_SECONDS = 2.0
Sessions = sessionmaker[Session]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Place:
    """Where the processes find everything."""

    folder: Path
    database_url: str
    keys_url: str
    sessions: Sessions

    def ask(self, question: Callable[[Session], Found]) -> Found:
        """Read in a transaction of its own: what others wrote meanwhile is seen, and no lock is kept."""
        with reading(), self.sessions() as session:
            return question(session)

    def forget_connections(self) -> None:
        """Those of this process: the database they led to has died."""
        with self.sessions() as session:
            for model in (Job, SubjectKey):
                session.get_bind(model).engine.dispose()

    def environment(self, **more: str) -> dict[str, str]:
        """That of this process without its own settings of the product; durability is not what is tested."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
        settings = {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "KEYS_DATABASE_URL": self.keys_url,
            "ENVIRONMENT": "test",
            "LOCALE": "en",
            **more,
        }
        return {**own, **{f"AFTERCARE_{name}": value for name, value in settings.items()}}


@contextmanager
def running(place: Place, *module: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python module as a process; stopped at the end, with what it started."""
    log_path = place.folder / f"{module[0]}-{time.monotonic_ns()}.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=ROOT, env=place.environment(**settings), stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def running_workers(place: Place, count: int = 1, **settings: str) -> Iterator[list[int]]:
    """Workers that are born again when they are killed, with short leases; the processes whose only child each is."""
    with running(place, "tests.integration.reliability.reborn_worker", str(count), **settings) as process:
        assert becomes(lambda: len(list(filter(children, children(process.pid)))) == count, within=30)
        yield children(process.pid)


def children(process_id: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()]
    return []


class Killer:
    """Kills (-9) the child of a process again and again, each when it has done its work for a while.

    Arguments: life, seconds from the moment the child works to its end; works, asks whether it does: killing what has
    not yet begun drills nothing.
    """

    def __init__(self, parent: int, life: float, works: Callable[[], bool] = lambda: True) -> None:
        self.kills = 0
        self._parent, self._life, self._works = parent, life, works
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._kill_on)

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _kill_on(self) -> None:
        while not self._stop.wait(0.05):
            victims = children(self._parent)
            if not victims or not self._works() or self._stop.wait(self._life * random.uniform(0.5, 1.5)):
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(victims[0], signal.SIGKILL)
                self.kills += 1


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


class Person:
    """Somebody signed in (by the token of a session), on one kept connection."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self._cookies = f"aftercare-session={token}"
        self._form_token = ""
        self._asked_at = time.monotonic()

    def close(self) -> None:
        self._connection.close()

    def open_page(self, path: str = "/sessions") -> Answer:
        """A page; its form token serves for all forms of the session."""
        answer = self._ask("GET", path)
        if found := re.search(r'name="csrf-token" content="([^"]+)"', answer.text):
            self._form_token = found[1]
        if cookie := re.search(r"aftercare-page=[^;]+", answer.headers.get("Set-Cookie", "")):
            self._cookies = f"{self._cookies.partition(';')[0]}; {cookie[0]}"
        return answer

    @property
    def cookies(self) -> str:
        return self._cookies

    @property
    def form_fields(self) -> dict[str, str]:
        """What every form has."""
        return {"csrf_token": self._form_token}

    def send(self, path: str, **fields: str) -> Answer:
        return self._ask("POST", path, urlencode({**self.form_fields, **fields}))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        if time.monotonic() - self._asked_at > IDLE_SECONDS:
            self._connection.close()
        self._asked_at = time.monotonic()
        headers = {"Cookie": self._cookies, "Accept": "text/html", "Accept-Language": "en"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{HOST}:{self._port}"
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens a new one
            raise


def becomes(condition: Callable[[], bool], within: float) -> bool:
    """Whether a condition comes true in so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
