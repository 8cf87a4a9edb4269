"""Backups that prove themselves (R16): copied while people work, restored, held against a checkpoint kept outside."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cli import main
from app.cli.frame import session_on
from app.database import create_engine_for, writing
from app.files import FileStore, check_content
from app.models import Attachment, HistoryEvent, ProcessInstance, Site, User
from app.operations.actor import SYSTEM, Actor
from app.operations.attachments import FileLimits, NewFile, add_attachment, prepare_to_receive
from app.operations.history import Event, append_events, customer_stream
from app.operations.history_erasure import erase_subject
from app.operations.history_reading import read_events
from app.operations.history_sealing import seal_history
from tests.integration.web.small_case import add_case
from tests.postgres_server import PostgresServer

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECRET = "a word nobody may find"


class Installation:
    """A database of either kind with its keys, and the command line on it."""

    def __init__(self, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.url, self.keys_url = url, f"sqlite:///{folder / 'keys.db'}"
        monkeypatch.setenv("AFTERCARE_ENVIRONMENT", "test")
        monkeypatch.setenv("AFTERCARE_DATA_DIR", str(folder))
        monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
        monkeypatch.setenv("AFTERCARE_KEYS_DATABASE_URL", self.keys_url)
        assert self.run("upgrade-database").exit_code == 0

    @property
    def store(self) -> FileStore:
        return FileStore(self.folder / "files")

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
    assert {file.name for file in made.iterdir()} == {"database.sqlite3", "manifest.json", "files", "files.sha256"}
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


def put_file(installation: Installation, content: bytes, customer_id: str = "c1") -> str:
    """A file of a case, as the product would keep it; returns the name it is stored under."""
    actor, limits, case_id = Actor("ada"), FileLimits(), "a1"
    with writing(), installation.session() as session:
        if session.get(ProcessInstance, case_id) is None:
            session.add_all([Site(id="main", name="Main"), User(id="ada", display_name="Ada", created_at=NOW)])
            session.flush()
            add_case(session, case_id, "main", "ada")
            session.get_one(ProcessInstance, case_id).customer_id = customer_id
            session.commit()
        receipt = prepare_to_receive(session, case_id, len(content), limits, actor=actor, now=NOW)
        stored = installation.store.add(io.BytesIO(content), receipt.key)
        kind = check_content(io.BytesIO(content), "note.txt", len(content))
        file = NewFile("note.txt", kind, stored, receipt.subject_id, is_scanned_first=False)
        add_attachment(session, case_id, file, limits, actor=actor, now=NOW)
        session.commit()
    return stored.name


def test_r16_files_come_back_as_they_were_added(installation: Installation, tmp_path: Path) -> None:
    name = put_file(installation, b"a note")
    made = installation.run("backup", tmp_path / "copies", "--keys-to", tmp_path / "keys")
    assert made.exit_code == 0, made.output
    assert "1 files of cases; all are as they were added." in made.output
    copy = only(tmp_path / "copies")
    later = put_file(installation, b"added after the backup")
    options = ("--keys-from", only(tmp_path / "keys"), "--replace")
    restored = installation.run("restore", copy, *options)
    assert restored.exit_code == 0, restored.output
    assert "1 files of cases are as they were added; 0 are erased." in restored.output
    assert installation.store.path_of(name).exists()
    assert not installation.store.path_of(later).exists()
    verified = installation.run("verify-history")
    assert verified.exit_code == 0, verified.output
    assert installation.store.path_of(name).stat().st_mode & 0o077 == 0


def test_r16_a_changed_file_is_not_restored(installation: Installation, tmp_path: Path) -> None:
    name = put_file(installation, b"a note")
    assert installation.run("backup", tmp_path / "copies").exit_code == 0
    copy = only(tmp_path / "copies")
    file = copy / "files" / name[:2] / name
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    refused = installation.run("restore", copy, "--replace")
    assert refused.exit_code == 1
    assert "is not the file that was backed up" in refused.output
    assert installation.run("verify-history").exit_code == 0, "nothing was touched"


@pytest.mark.parametrize(("fault", "text"), [("damaged", "is not as it was added"), ("missing", "is missing")])
def test_a_damaged_or_missing_file_is_found(
    fault: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
    path = installation.store.path_of(put_file(installation, b"a note"))
    path.write_bytes(path.read_bytes()[:-1] + b"?") if fault == "damaged" else path.unlink()
    for command in (("verify-history",), ("backup", tmp_path / "copies")):
        answer = installation.run(*command)
        assert answer.exit_code == 1
        assert text in answer.output


def test_an_exchanged_file_does_not_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes file and row alike is found out by the event."""
    installation = Installation(f"sqlite:///{tmp_path / 'data' / 'aftercare.db'}", tmp_path / "data", monkeypatch)
    put_file(installation, b"a note")
    with writing(), installation.session() as session:
        session.execute(update(Attachment).values(sha256="0" * 64))
        session.commit()
    answer = installation.run("verify-history")
    assert answer.exit_code == 1
    assert "has not the hash that its event recorded" in answer.output


def test_files_of_who_was_erased_since_do_not_come_back(installation: Installation, tmp_path: Path) -> None:
    put_file(installation, b"a note")
    assert installation.run("backup", tmp_path / "copies").exit_code == 0
    with writing(), installation.session() as session:
        erase_subject(session, "c1", "asked for it", actor=SYSTEM, now=NOW)
        session.commit()
    restored = installation.run("restore", only(tmp_path / "copies"), "--replace")
    assert restored.exit_code == 0, restored.output
    with installation.session() as session:
        (attachment,) = session.scalars(select(Attachment))
        assert (attachment.state, attachment.original_name) == ("erased", "")
