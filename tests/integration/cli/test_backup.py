"""Backups that prove themselves (R16): copied while people work, restored, held against a checkpoint kept outside."""

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import main
from app.cli.frame import session_on
from app.database import create_engine_for, writing
from app.models import HistoryEvent
from app.operations.actor import SYSTEM
from app.operations.history import Event, append_events, customer_stream
from app.operations.history_erasure import erase_subject
from app.operations.history_reading import read_events
from app.operations.history_sealing import seal_history
from tests.postgres_server import PostgresServer

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECRET = "a word nobody may find"


class Installation:
    """A database of either kind with its keys, and the command line on it."""

    def __init__(self, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url, self.keys_url = url, f"sqlite:///{folder / 'keys.db'}"
        monkeypatch.setenv("AFTERCARE_ENVIRONMENT", "test")
        monkeypatch.setenv("AFTERCARE_DATA_DIR", str(folder))
        monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
        monkeypatch.setenv("AFTERCARE_KEYS_DATABASE_URL", self.keys_url)
        assert self.run("upgrade-database").exit_code == 0

    def run(self, *arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    def session(self) -> AbstractContextManager[Session]:
        return session_on(self.url, self.keys_url)

    def tell(self, customer_id: str) -> None:
        """Something happens to a customer, and is sealed."""
        with writing(), self.session() as session:
            event = Event("customer_created", {}, personal={"name": SECRET}, subject_id=customer_id)
            append_events(session, customer_stream(customer_id), [event], actor=SYSTEM, now=NOW)
            session.commit()
            seal_history(session, NOW)
            session.commit()

    def told(self, customer_id: str) -> list[object]:
        with self.session() as session:
            return [event.personal for event in read_events(session, customer_stream(customer_id))]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    if request.param == "sqlite":
        yield Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    monkeypatch.setenv("PATH", str(server.programs), prepend=":")
    name = server.create_database()
    try:
        yield Installation(server.url(name), tmp_path / "data", monkeypatch)
    finally:
        server.drop_database(name)


def only(folder: Path) -> Path:
    found = list(folder.iterdir())
    assert len(found) == 1
    return found[0]


def test_r16_what_was_backed_up_comes_back_and_verifies(installation: Installation, tmp_path: Path) -> None:
    installation.tell("c1")
    made = installation.run("backup", tmp_path / "copies", "--keys-to", tmp_path / "keys")
    assert made.exit_code == 0, made.output
    checkpoint = next(line for line in made.output.splitlines() if line.startswith("{"))
    (tmp_path / "outside.txt").write_text(checkpoint)
    installation.tell("c2")  # after the backup: lost by the restore, and said so

    refused = installation.run("restore", only(tmp_path / "copies"))
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert installation.told("c2")

    options = ("--keys-from", only(tmp_path / "keys"), "--checkpoints", tmp_path / "outside.txt", "--replace")
    restored = installation.run("restore", only(tmp_path / "copies"), *options)
    assert restored.exit_code == 0, restored.output
    assert re.search(r"Restored the copy of .* UTC in [\d.]+ seconds\.", restored.output)
    assert "Lost: what was done in the last" in restored.output
    assert "until you say: aftercare outgoing on" in restored.output
    assert "Nothing leaves" in installation.run("outgoing").output  # W62
    assert installation.run("outgoing", "on").exit_code == 1  # a reason is asked for
    assert "Messages leave." in installation.run("outgoing", "on", "--reason", "this is the real one").output
    assert installation.told("c1") == [{"name": SECRET}]
    assert installation.told("c2") == []
    assert installation.run("verify-history", "--checkpoints", tmp_path / "outside.txt").exit_code == 0


def test_who_was_erased_since_stays_erased(installation: Installation, tmp_path: Path) -> None:
    installation.tell("c1")
    assert installation.run("backup", tmp_path / "copies").exit_code == 0
    with writing(), installation.session() as session:
        erase_subject(session, "c1", "asked for it", actor=SYSTEM, now=NOW)
        session.commit()
    restored = installation.run("restore", only(tmp_path / "copies"), "--replace")
    assert restored.exit_code == 0, restored.output
    assert SECRET not in str(installation.told("c1"))
    assert "Persons erased (again): 1" in restored.output


def test_a_changed_copy_is_not_restored(installation: Installation, tmp_path: Path) -> None:
    installation.tell("c1")
    assert installation.run("backup", tmp_path / "copies").exit_code == 0
    copy = only(tmp_path / "copies")
    file = copy / json.loads((copy / "manifest.json").read_text())["file"]
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    refused = installation.run("restore", copy, "--replace")
    assert refused.exit_code == 1
    assert "is not the file that was backed up" in refused.output
    assert installation.told("c1"), "nothing was touched"


def test_a_broken_history_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation = Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
    installation.tell("c1")
    engine = create_engine_for(installation.url)
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA query_only = OFF")
        for (name,) in list(raw.cursor().execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            raw.cursor().execute(f'DROP TRIGGER "{name}"')
        raw.cursor().execute("UPDATE history_event SET canonical = X'7B7D'")
        raw.commit()
    engine.dispose()
    answer = installation.run("backup", tmp_path / "copies")
    assert answer.exit_code == 1
    assert "The history of the copy is broken" in answer.output


def test_the_copy_is_made_while_others_write_and_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation = Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
    installation.tell("c1")
    with writing(), installation.session() as session:
        session.execute(select(HistoryEvent.sequence).limit(1))  # holds the lock of writers
        assert installation.run("backup", tmp_path / "copies", "--keys-to", tmp_path / "keys").exit_code == 0
    made = only(tmp_path / "copies")
    assert {file.name for file in made.iterdir()} == {"database.sqlite3", "manifest.json"}
    assert made.stat().st_mode & 0o077 == 0
    assert (made / "database.sqlite3").stat().st_mode & 0o077 == 0


def test_keys_never_lie_beside_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation = Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
    answer = installation.run("backup", tmp_path / "copies", "--keys-to", tmp_path / "copies")
    assert answer.exit_code == 2
    assert not (tmp_path / "copies").exists()


def test_what_is_no_backup_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation = Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
    assert installation.run("backup", tmp_path / "copies", "--keys-to", tmp_path / "keys").exit_code == 0
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", only(tmp_path / "keys")):
        refused = installation.run("restore", folder, "--replace")
        assert refused.exit_code == 1
        assert "is no backup" in refused.output
