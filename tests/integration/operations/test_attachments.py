"""Files of a case: who may add and remove them, what the history keeps, what jobs make of them, what erasing leaves."""

import io
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.errors import InvalidInput, NotAllowed
from app.files import FileRefused, FileStore, check_content
from app.forms import FormDefinition
from app.models import Attachment, AttachmentPreview, Job, ProcessInstance
from app.models.case_content_queries import pages_of
from app.operations.actor import SYSTEM, Actor
from app.operations.attachment_jobs import RESCAN_AFTER, rescan_files, sweep_files
from app.operations.attachments import (
    MEGABYTE,
    AttachmentNotFound,
    FileAlreadyThere,
    FileLimits,
    NewFile,
    add_attachment,
    prepare_to_receive,
    remove_attachment,
)
from app.operations.authority import AuditorsChangeNothing
from app.operations.cases import Case, CaseNotFound, UserTaskNotFound
from app.operations.form_surroundings import Reader, case_surroundings
from app.operations.history import case_stream
from app.operations.history_erasure import erase_subject
from app.operations.history_reading import read_events
from app.operations.outgoing_switch import switch_outgoing
from app.operations.replay import replay_case
from app.operations.subject_keys import PersonErased, subject_keys
from app.operations.surroundings import Surroundings
from app.worker import run_due
from app.worker.file_jobs import FileJobs
from tests.file_samples import GOOD, pdf, png
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later

LIMITS = FileLimits(largest=MEGABYTE, of_case=2 * MEGABYTE, of_person=3 * MEGABYTE)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def add(session: Session, store: FileStore) -> "Adding":
    return Adding(session, store)


class Adding:
    """What the edge does with a file that comes in."""

    def __init__(self, session: Session, store: FileStore) -> None:
        self.session, self.store = session, store

    def __call__(
        self,
        case: Case,
        person: str = "ada",
        name: str = "note.txt",
        content: bytes = b"heard a noise",
        now: datetime = NOW,
        user_task_id: str | None = None,
        *,
        is_scanned_first: bool = False,
    ) -> str:
        actor = Actor(person)
        receipt = prepare_to_receive(self.session, case.id, len(content), LIMITS, actor=actor, now=now)
        kind = check_content(io.BytesIO(content), name, len(content))
        stored = self.store.add(io.BytesIO(content), receipt.key)
        file = NewFile(name, kind, stored, receipt.subject_id, is_scanned_first)
        return add_attachment(
            self.session, case.id, file, LIMITS, user_task_id=user_task_id, actor=actor, now=now
        )  # fmt: skip

    def jobs(self, sessions: sessionmaker[Session], now: datetime = NOW, scanner: str = "") -> None:
        self.session.commit()
        run_due(sessions, now, surroundings=Surroundings(files=FileJobs(sessions, self.store, scanner)))
        self.session.expire_all()

    def files(self) -> int:
        return sum(path.is_file() for path in self.store.folder.rglob("*"))


def told(session: Session, case: Case) -> list[tuple[str, object, object]]:
    events = read_events(session, case_stream(case.id))
    return [
        (event.type, event.body.get("sha256"), (event.personal or {}).get("name"))
        for event in events
        if event.type.startswith("attachment_")
    ]


def test_a_file_is_added_and_recorded(session: Session, dealership: Dealership, add: Adding) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    attachment = session.get_one(Attachment, add(case, user_task_id=user_task_id))
    assert (attachment.state, attachment.preview_state, attachment.subject_id) == ("available", "none", CUSTOMER)
    assert told(session, case) == [("attachment_added", attachment.sha256, "note.txt")]
    assert session.get_one(ProcessInstance, case.id).file_count == 1
    event = read_events(session, case_stream(case.id))[-1]
    assert (event.activity_id, event.element_id) == (user_task_id, "check")
    key = subject_keys(session).keys_of([CUSTOMER])[CUSTOMER]
    assert b"".join(add.store.read(attachment.stored_name, key)) == b"heard a noise"
    assert replay_case(session, case.id).difference is None


def test_who_may_add(session: Session, dealership: Dealership, add: Adding) -> None:
    case = dealership.start()
    for person in ("eve", "dual"):
        with pytest.raises(AuditorsChangeNothing):
            add(case, person)
    with pytest.raises(CaseNotFound):
        add(case, "far")
    assert add.files() == 0
    add(case, "cam")


def test_a_user_task_of_another_case_is_no_place_for_it(session: Session, dealership: Dealership, add: Adding) -> None:
    case, other = dealership.start(), dealership.start()
    with pytest.raises(UserTaskNotFound):
        add(case, user_task_id=dealership.user_task(other, "check"))


def test_w45_limits_of_file_case_and_person(session: Session, dealership: Dealership, add: Adding) -> None:
    case = dealership.start()
    with pytest.raises(FileRefused, match="too large"):
        add(case, content=b"x" * (MEGABYTE + 1))
    for number in range(2):
        add(case, content=bytes([65 + number]) * MEGABYTE)
    with pytest.raises(FileRefused, match="files of a case"):
        add(case, content=b"one more")
    add(dealership.start(), content=b"x" * MEGABYTE)
    with pytest.raises(FileRefused, match="within a day"):
        add(dealership.start(), content=b"one more")
    add(dealership.start(), content=b"one more", now=later(days=1, minutes=1))
    add(dealership.start(), "bea", content=b"one more")


def test_the_same_content_is_there_once(session: Session, dealership: Dealership, add: Adding) -> None:
    case = dealership.start()
    attachment_id = add(case)
    with pytest.raises(FileAlreadyThere, match=r"note\.txt"):
        add(case, "bea", "other.txt")
    remove_attachment(session, attachment_id, "wrong case", actor=Actor("ada"), now=NOW)
    add(case, "bea", "other.txt")


def test_removing_destroys_the_bytes_and_keeps_name_and_hash(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    attachment_id = add(case, name="photo.png", content=png())
    add.jobs(sessions)
    assert add.files() == 3  # with thumbnail and page
    with pytest.raises(InvalidInput):
        remove_attachment(session, attachment_id, " ", actor=Actor("ada"), now=NOW)
    remove_attachment(session, attachment_id, "blurred", actor=Actor("ada"), now=NOW)
    remove_attachment(session, attachment_id, "blurred", actor=Actor("ada"), now=NOW)  # again: nothing
    sha256 = session.get_one(Attachment, attachment_id).sha256
    assert told(session, case)[1:] == [("attachment_removed", sha256, "photo.png")]
    assert read_events(session, case_stream(case.id))[-1].reason == "blurred"
    add.jobs(sessions)
    assert add.files() == 0
    assert session.scalars(select(AttachmentPreview)).all() == []
    assert session.get_one(Attachment, attachment_id).state == "removed"
    assert session.get_one(ProcessInstance, case.id).file_count == 0


def test_who_may_remove(session: Session, dealership: Dealership, add: Adding) -> None:
    case = dealership.start()
    attachment_id = add(case)
    for person, error in (("bea", NotAllowed), ("eve", NotAllowed), ("far", AttachmentNotFound)):
        with pytest.raises(error):
            remove_attachment(session, attachment_id, "r", actor=Actor(person), now=NOW)
    with pytest.raises(NotAllowed):
        remove_attachment(session, attachment_id, "r", actor=Actor("ada"), now=later(hours=1, minutes=1))
    remove_attachment(session, attachment_id, "r", actor=Actor("own"), now=later(days=9))


def test_previews_are_made_by_a_job(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    document = add(case, name="letter.pdf", content=pdf(5))
    broken = add(case, name="a.png", content=png(50_000, 50_000))
    add.jobs(sessions)
    attachment = session.get_one(Attachment, document)
    assert attachment.preview_state == "ready"
    pages = pages_of(session, [document])[document]
    assert [page.media_type for page in pages] == ["image/jpeg", "image/png", "image/png", "image/png"]
    assert max(pages[0].width, pages[0].height) == 320
    key = subject_keys(session).keys_of([CUSTOMER])[CUSTOMER]
    assert next(add.store.read(pages[1].stored_name, key)).startswith(b"\x89PNG")
    assert session.get_one(Attachment, broken).preview_state == "failed"


def test_a_preview_of_a_file_that_is_gone_leaves_nothing(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    attachment_id = add(case, name="photo.png", content=png())
    session.execute(update(Job).where(Job.kind == "preview_attachment").values(run_at=later(hours=1)))
    remove_attachment(session, attachment_id, "r", actor=Actor("ada"), now=NOW)
    add.jobs(sessions, later(hours=2))
    assert add.files() == 0
    assert not session.scalars(select(Job.id).where(Job.state != "done", Job.kind != "sweep_files")).all()


def test_orphans_are_swept_and_nothing_else(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    add(case, name="photo.png", content=png())
    add.jobs(sessions)
    orphan = add.store.add(io.BytesIO(b"its row was never committed"), bytes(32))
    now = datetime.now(NOW.tzinfo) + timedelta(days=2)
    assert sweep_files(session, now) == 0
    sweep_files(session, now)  # one at a time
    assert len(session.scalars(select(Job.id).where(Job.kind == "sweep_files", Job.created_at == now)).all()) == 1
    add.jobs(sessions, now)
    assert not add.store.path_of(orphan.name).exists()
    assert add.files() == 3


def test_a_fresh_file_without_a_row_is_left_alone(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    add(dealership.start())
    fresh = add.store.add(io.BytesIO(b"its row is being written"), bytes(32))
    add.jobs(sessions, datetime.now(NOW.tzinfo))
    assert add.store.path_of(fresh.name).exists()


def test_w61_erasing_a_person_reaches_the_files(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    attachment_id = add(case, name="photo.png", content=png())
    add.jobs(sessions)
    stored_name = session.get_one(Attachment, attachment_id).stored_name
    copy = add.store.path_of(stored_name).read_bytes()  # as a backup has it
    for _ in range(2):
        erase_subject(session, CUSTOMER, "asked for it", actor=Actor("own"), now=NOW)
    add.jobs(sessions)
    assert add.files() == 0
    attachment = session.get_one(Attachment, attachment_id)
    assert (attachment.state, attachment.original_name) == ("erased", "")
    add.store.path_of(stored_name).write_bytes(copy)
    assert subject_keys(session).keys_of([CUSTOMER]) == {}
    assert told(session, case) == [("attachment_added", attachment.sha256, None)]
    with pytest.raises(PersonErased):
        add(case, content=b"more")


def test_old_files_are_scanned_again(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    attachment_id = add(dealership.start(), is_scanned_first=True)
    add.jobs(sessions, scanner="true")
    assert session.get_one(Attachment, attachment_id).scanned_at == NOW
    assert rescan_files(session, NOW + RESCAN_AFTER) == 0
    assert rescan_files(session, NOW + RESCAN_AFTER + timedelta(seconds=1)) == 1
    add.jobs(sessions, NOW + RESCAN_AFTER + timedelta(seconds=1), scanner="false")
    attachment = session.get_one(Attachment, attachment_id)
    assert attachment.state == "quarantined"


def test_files_are_worked_on_in_a_restored_copy_too(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    """Nothing is sent from it, and a preview is nothing that is sent."""
    attachment_id = add(dealership.start(), name="photo.png", content=png())
    switch_outgoing(session, is_on=False, reason="a copy", actor=SYSTEM, now=NOW)
    add.jobs(sessions)
    assert session.get_one(Attachment, attachment_id).preview_state == "ready"


def test_w48_a_file_waits_for_the_scanner(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding, tmp_path: Path
) -> None:
    case = dealership.start()
    attachment_id = add(case, name="photo.png", content=png(), is_scanned_first=True)
    assert session.get_one(Attachment, attachment_id).state == "pending"
    dead = f"clamd://{tmp_path / 'no.socket'}".replace("clamd://", "clamd:")
    add.jobs(sessions, scanner=dead)
    assert session.get_one(Attachment, attachment_id).state == "pending"
    assert session.scalars(select(Job.state).where(Job.kind == "scan_attachment")).all() == ["pending"]
    add.jobs(sessions, later(minutes=2), scanner="true")
    attachment = session.get_one(Attachment, attachment_id)
    assert (attachment.state, attachment.preview_state) == ("available", "ready")


def test_w48_a_threat_is_locked_away(
    session: Session, sessions: sessionmaker[Session], dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    attachment_id = add(case, is_scanned_first=True)
    program = "sh -c 'grep -q noise && echo Bad.Noise && exit 1 || exit 0'"
    add.jobs(sessions, scanner=program)
    attachment = session.get_one(Attachment, attachment_id)
    assert (attachment.state, attachment.threat) == ("quarantined", "Bad.Noise")
    assert [event for event, *_rest in told(session, case)] == ["attachment_added", "attachment_quarantined"]


def test_a_kind_without_preview_has_none(session: Session, dealership: Dealership, add: Adding) -> None:
    attachment_id = add(dealership.start(), name="list.csv", content=GOOD["list.csv"])
    assert session.get_one(Attachment, attachment_id).preview_state == "none"
    assert session.scalars(select(Job.id).where(Job.kind == "preview_attachment")).all() == []
    assert os.listdir(add.store.folder)  # noqa: PTH208


def test_a_form_that_names_them_sees_the_files_of_its_user_task_and_the_people_of_the_site(
    session: Session, dealership: Dealership, add: Adding
) -> None:
    case = dealership.start()
    user_task_id, instance = dealership.user_task(case, "check"), session.get_one(ProcessInstance, case.id)
    add(case, name="list.txt", user_task_id=user_task_id)
    add(case, name="other.txt", content=b"of the case")
    gone = add(case, name="gone.txt", content=b"gone", user_task_id=user_task_id)
    remove_attachment(session, gone, "wrong", actor=Actor("ada"), now=NOW)

    def seen(*names: str) -> dict[str, object]:
        form = FormDefinition("evidence", (), frozenset(), frozenset(names))
        return case_surroundings(session, form, instance, user_task_id, Reader("ada", "Ada", "en"), NOW).values

    assert {"files", "people"}.isdisjoint(seen())
    found = seen("files", "people")
    assert found["files"] == ["list.txt"]
    people = {person["value"]: person["groups"] for person in found["people"]}
    assert people["two"] == ["cr_advisor", "customer_service"]
    assert {"eve", "dual", "far", "gone"}.isdisjoint(people), "neither auditors nor other sites nor who has left"
