"""Files of a case over HTTP: added, refused, downloaded, removed, out of reach for strangers (W45, W47, W48)."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from app.database import writing
from app.files import FileStore, StoredFile
from app.models import Attachment, Look, ProcessInstance
from app.operations.attachments import MEGABYTE
from app.operations.surroundings import Surroundings
from app.web.body_limits import LARGEST_REQUEST
from app.web.receiving_files import ReceivingFiles
from app.worker import run_due
from app.worker.file_jobs import FileJobs
from tests.file_samples import png
from tests.integration.web.browser import Browser
from tests.integration.web.dealership import Dealership
from tests.integration.web.filling import STRANGER

JSON = {"Accept": "application/json"}
HTMX = {"HX-Request": "true"}
NAMES: list[str] = json.loads((Path(__file__).parents[2] / "resources" / "files" / "names.json").read_text())


class Sender:
    """A person's browser on the files of the one case."""

    def __init__(self, app: Flask, dealership: Dealership, sessions: sessionmaker[Session], user_id: str) -> None:
        self.browser = Browser(app)
        self.browser.sign_in(user_id)
        self.sessions = sessions
        self.address = f"/cases/{dealership.instance_id}/files"
        self.folder: Path = app.extensions["files"].store.folder
        self.before: set[Path] = set()
        self.before = set(self.stored())
        self.earlier = dealership.attachment_id

    def send(self, name: str, content: bytes, headers: object = JSON, **fields: str) -> TestResponse:
        return self.browser.post(self.address, {"file": (io.BytesIO(content), name), **fields}, headers=headers)

    def rows(self) -> list[Attachment]:
        with self.sessions() as session:
            query = select(Attachment).where(Attachment.id != self.earlier)
            return list(session.scalars(query.order_by(Attachment.uploaded_at, Attachment.id)))

    def stored(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file() and path not in self.before]


@pytest.fixture
def sender(app: Flask, dealership: Dealership, sessions: sessionmaker[Session]) -> Sender:
    return Sender(app, dealership, sessions, "cr_advisor")


def test_a_file_goes_in_and_comes_out(sender: Sender, dealership: Dealership, sessions: sessionmaker[Session]) -> None:
    answer = sender.send("刹车 note.txt", "客户说刹车响".encode(), user_task=dealership.user_task_id)
    assert (answer.status_code, answer.json["added"]) == (200, 1)
    (row,) = sender.rows()
    assert row.user_task_id == dealership.user_task_id
    with sessions() as session:
        looks = len(session.scalars(select(Look.id)).all())
    got = sender.browser.get(f"/attachments/{row.id}")
    assert got.data.decode() == "客户说刹车响"
    with sessions() as session:
        assert len(session.scalars(select(Look.id)).all()) == looks + 1  # who takes a file away is written down
    pages = (sender.address, f"/user-tasks/{dealership.user_task_id}/files", f"{sender.address}/list")
    for page in pages:
        assert "刹车 note.txt" in sender.browser.get(page).text
    assert re.search(r"Files <span class=\"count\">1<", sender.browser.get(f"/cases/{dealership.instance_id}").text)
    assert row.sha256 in sender.browser.get(f"/cases/{dealership.instance_id}/history").text


def test_w45_hostile_names_become_one_file_with_a_name_of_ours(sender: Sender) -> None:
    for number, name in enumerate(NAMES):
        data = {"file": (io.BytesIO(png(4 + number)), name.encode("utf-8", "replace").decode())}
        sender.browser.post(sender.address, data, headers=JSON)
    rows, stored = sender.rows(), sender.stored()
    assert len(stored) == len(rows) >= 24  # what is left of some is no picture's name
    assert {path.name for path in stored} == {row.stored_name for row in rows}
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in stored)
    page = sender.browser.get(sender.address).text
    assert "<script>alert" not in page
    assert not [row for row in rows if set(row.original_name) & set("/\\\r\n\0\u202e")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("page.html", b"<script>", "cannot be added"),
        ("photo.png", b"<svg onload=alert(1)>", "not what its name says"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_w45_a_refused_file_leaves_nothing(sender: Sender, name: str, content: bytes, message: str) -> None:
    answer = sender.send(name, content)
    assert answer.status_code == 422
    assert message in answer.json["message"]
    assert (sender.rows(), sender.stored()) == ([], [])


def test_each_of_several_files_is_added_or_refused_for_itself(sender: Sender) -> None:
    files = [(io.BytesIO(b"one"), "one.txt"), (io.BytesIO(b"MZ"), "two.exe"), (io.BytesIO(b"three"), "three.txt")]
    answer = sender.browser.post(sender.address, {"file": files})  # without a script
    assert answer.status_code == 303
    page = sender.browser.get(sender.address).text
    assert "2 files were added" in page
    assert "two.exe: Files of this kind cannot be added" in page
    assert {row.original_name for row in sender.rows()} == {"one.txt", "three.txt"}


def test_the_same_file_again_is_refused_and_not_stored(sender: Sender) -> None:
    sender.send("one.txt", b"same")
    answer = sender.send("two.txt", b"same")
    assert (answer.status_code, len(sender.stored())) == (409, 1)
    assert "one.txt" in answer.json["message"]


def test_nothing_chosen_is_said(sender: Sender) -> None:
    assert sender.browser.post(sender.address, {}, headers=JSON).status_code == 422


def test_w45_only_the_view_that_takes_files_takes_much(
    app: Flask, sender: Sender, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    body = {"data": head + b"x" * LARGEST_REQUEST + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}

    def status(path: str) -> int:
        return sender.browser.post(path, headers=JSON, **body).status_code

    assert status(f"/cases/{dealership.instance_id}/discussion") == 413
    assert status(sender.address) == 200
    monkeypatch.setitem(app.config, "LARGEST_UPLOAD", LARGEST_REQUEST)
    assert status(sender.address) == 413
    receiving: ReceivingFiles = app.extensions["files"]
    assert receiving.limits.largest == 25 * MEGABYTE


def test_w47_a_download_is_never_a_page(sender: Sender) -> None:
    sender.send("photo.png", png())
    (row,) = sender.rows()
    headers = sender.browser.get(f"/attachments/{row.id}").headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    policies = headers.getlist("Content-Security-Policy")
    assert "sandbox; default-src 'none'" in policies
    assert len(policies) == 2  # that of every answer stays
    assert headers["Content-Length"] == str(row.size)
    assert headers["Cache-Control"] == "no-store"


def test_a_preview_is_shown_once_a_job_has_made_it(
    app: Flask, sender: Sender, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    sender.send("photo.png", png(400, 20))
    (row,) = sender.rows()
    address = f"/attachments/{row.id}/preview/0"
    assert sender.browser.get(address).status_code == 404
    assert "preview is being made" in sender.browser.get(sender.address).text
    with writing():
        files = FileJobs(sessions, app.extensions["files"].store)
        run_due(sessions, dealership.now, surroundings=Surroundings(files=files))
    got = sender.browser.get(address)
    assert (got.status_code, got.content_type) == (200, "image/jpeg")
    assert got.data.startswith(b"\xff\xd8\xff")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert f'src="{address}"' in sender.browser.get(sender.address).text
    assert sender.browser.get(f"/attachments/{row.id}/preview/9").status_code == 404


@pytest.mark.parametrize("state", ["pending", "quarantined", "removed", "erased"])
def test_w48_only_what_is_available_is_given_out(
    sender: Sender, dealership: Dealership, sessions: sessionmaker[Session], state: str
) -> None:
    sender.send("photo.png", png())
    (row,) = sender.rows()
    with writing(), sessions() as session:
        session.execute(update(Attachment).values(state=state))
        session.commit()
    for path in (f"/attachments/{row.id}", f"/attachments/{row.id}/preview/0"):
        answer = sender.browser.get(path)
        assert answer.status_code == 404
        assert not answer.data.startswith(b"\x89PNG")
    assert f'href="/attachments/{row.id}"' not in sender.browser.get(sender.address).text


def test_removing_asks_why(sender: Sender) -> None:
    sender.send("note.txt", b"a note")
    (row,) = sender.rows()
    answer = sender.browser.post(f"/attachments/{row.id}/remove", {"reason": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert "Say why" in answer.text
    answer = sender.browser.post(f"/attachments/{row.id}/remove", {"reason": "wrong file"}, headers=HTMX)
    assert answer.status_code == 200
    assert "wrong file" in answer.text
    assert sender.rows()[0].state == "removed"


def test_w01_files_of_another_site_are_out_of_reach(
    app: Flask, sender: Sender, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    sender.send("secret.txt", b"nobody's business")
    (row,) = sender.rows()
    stranger = Sender(app, dealership, sessions, STRANGER)
    assert stranger.browser.get(f"/attachments/{row.id}").status_code == 404
    assert stranger.browser.get(stranger.address).status_code == 404
    assert stranger.send("mine.txt", b"x").status_code == 404
    assert stranger.browser.post(f"/attachments/{row.id}/remove", {"reason": "r"}).status_code == 404
    assert stranger.stored() == []


def test_w02_a_user_task_of_somebody_else_is_no_place(sender: Sender, dealership: Dealership) -> None:
    assert sender.send("a.txt", b"a", user_task="nothing").status_code == 404
    answer = sender.browser.get(f"{sender.address}/list?user_task=nothing")
    assert answer.status_code == 404


def test_auditors_read_and_add_nothing(
    app: Flask, sender: Sender, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    sender.send("note.txt", b"a note")
    auditor = Sender(app, dealership, sessions, "auditor")
    page = auditor.browser.get(auditor.address).text
    assert "note.txt" in page
    assert 'type="file"' not in page
    assert auditor.send("mine.txt", b"x").status_code == 403
    assert auditor.browser.get(f"/attachments/{sender.rows()[0].id}").status_code == 200


def test_the_case_is_not_locked_while_a_file_comes_in(
    app: Flask, sender: Sender, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the file is encrypted and written somebody else writes into the very case."""
    written: list[bool] = []

    class Watched(FileStore):
        def add(self, content: BinaryIO, key: bytes) -> StoredFile:
            with writing(0.2), sessions() as session:
                session.execute(update(ProcessInstance).values(title="changed meanwhile"))
                session.commit()
            written.append(True)
            return super().add(content, key)

    receiving: ReceivingFiles = app.extensions["files"]
    monkeypatch.setitem(app.extensions, "files", replace(receiving, store=Watched(receiving.store.folder)))
    assert sender.send("note.txt", b"a note").status_code == 200
    assert written
    assert len(sender.rows()) == 1


def test_what_cannot_be_recorded_is_not_kept(
    app: Flask, sender: Sender, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds the database: the file that lies in the store already goes again."""
    monkeypatch.setattr("app.web.transactions.WEB_WAIT_SECONDS", 0.1)
    with writing(), sessions() as session:
        session.execute(update(ProcessInstance).values(title="held"))
        assert sender.send("note.txt", b"a note").status_code == 503
        session.rollback()
    assert sender.stored() == []
    assert sender.send("note.txt", b"a note").status_code == 200
