"""W12: what a program sends again with the same key is done once; `If-Match` changes what was read and nothing else."""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from app.database import writing
from app.models import Attachment, Comment, HistoryEvent, KeptAnswer, Membership
from app.operations.actor import SYSTEM
from app.operations.history_erasure import erase_subject
from app.operations.kept_answers import KEPT, forget_kept_answers
from app.web import transactions
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, Dealership
from tests.integration.web.engine_rest.program import Program, deployed

ProgramOf = Callable[[str], Program]
REPLAYED = "Idempotency-Replayed"


@pytest.fixture
def program(program_of: ProgramOf, dealership: Dealership) -> Program:
    return program_of("cr_advisor")


def sent(program: Program, path: str, body: object, key: str, method: str = "POST") -> TestResponse:
    return program.send(method, path, body, headers={"Idempotency-Key": key})


def counted(engine: Engine, what: object) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(what)) or 0  # type: ignore[arg-type]


def test_w12_the_same_sent_again_is_answered_alike_and_done_once(
    program: Program, dealership: Dealership, main_engine: Engine
) -> None:
    path = f"/task/{dealership.user_task_id}"
    note, before = {"message": "Ring back after six"}, counted(main_engine, Comment)
    first, again = (sent(program, f"{path}/comment/create", note, "note 1") for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert (first.headers.get(REPLAYED), again.headers[REPLAYED]) == (None, "true")
    assert counted(main_engine, Comment) == before + 1
    other = sent(program, f"{path}/comment/create", {"message": "Another"}, "note 1")
    assert (other.status_code, other.json["type"]) == (422, "InvalidRequestException")  # type: ignore[index]
    assert sent(program, f"{path}/unclaim", {}, "note 1").status_code == 422
    for _ in range(2):
        assert sent(program, f"{path}/claim", {"userId": "cr_advisor"}, "claim").status_code == 204
    claims = select(HistoryEvent).where(HistoryEvent.type == "user_task_claimed").subquery()
    assert counted(main_engine, claims) == 1
    with Session(main_engine) as session:
        stored = b"".join(session.scalars(select(KeptAnswer.content)))  # type: ignore[arg-type]
    assert b"Ring back" not in stored


@SQLITE_ONLY
def test_an_answer_is_not_told_again_once_rights_or_data_are_gone(
    program: Program, dealership: Dealership, main_engine: Engine, sessions: sessionmaker[Session]
) -> None:
    path, note = f"/task/{dealership.user_task_id}/comment/create", {"message": "Ring back after six"}
    assert [sent(program, path, note, key).status_code for key in ("a", "b")] == [200, 200]
    before = counted(main_engine, Comment)
    with writing(), sessions() as session:
        erase_subject(session, "a customer", "asked for", actor=SYSTEM, now=dealership.now)
        session.commit()
    lost = sent(program, path, note, "a")
    assert (lost.status_code, "its answer is lost" in lost.text) == (409, True)
    assert sent(program, path, note, "c").status_code == 200
    with writing(), sessions() as session:
        session.add(Membership(user_id="cr_advisor", group_id="front_desk", site_id=ELSEWHERE))
        session.commit()
    assert sent(program, path, note, "c").status_code == 409
    assert counted(main_engine, Comment) == before + 1


@SQLITE_ONLY
def test_keys_are_a_persons_own_and_refusals_are_not_kept(
    program: Program, program_of: ProgramOf, dealership: Dealership
) -> None:
    path = f"/task/{dealership.user_task_id}/assignee"
    assert sent(program, path, {"userId": "service_advisor"}, "k").status_code == 403
    manager = program_of("service_manager")
    assert sent(manager, path, {"userId": "cr_advisor"}, "k").status_code == 204
    assert sent(program, path, {"userId": "service_advisor"}, "k").status_code == 403
    assert sent(program, f"/task/{dealership.user_task_id}/unclaim", {}, "k").status_code == 204
    assert sent(manager, path, {"userId": "cr_advisor"}, "x" * 201).status_code == 400
    listed = [sent(program, "/task", {"unassigned": True}, "a list").headers.get(REPLAYED) for _ in range(2)]
    assert listed == [None, None], "what changes nothing needs no memory"


@SQLITE_ONLY
def test_a_file_sent_again_is_one_file_though_its_boundary_differs(
    app: Flask, program: Program, dealership: Dealership, main_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = f"/task/{dealership.user_task_id}/attachment/create", counted(main_engine, Attachment)

    def add(key: str, content: bytes) -> TestResponse:
        data = {"content": (io.BytesIO(content), "quote.txt"), "attachment-name": "Quote"}
        return program.send("POST", path, data=data, headers={"Idempotency-Key": key})

    first, again = add("file", b"12 hours"), add("file", b"12 hours")
    assert (first.status_code, first.json) == (again.status_code, again.json) == (200, first.json)
    assert add("file", b"13 hours").status_code == 422

    def dies(*_: object) -> None:
        raise OSError("the power is cut")

    with monkeypatch.context() as patch:
        patch.setattr(transactions, "keep", dies)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert add("cut", b"14 hours").status_code == 500
    lost = add("cut", b"14 hours")
    assert (lost.status_code, counted(main_engine, Attachment) - before) == (409, 2)


@SQLITE_ONLY
def test_w12_the_same_at_the_same_time_is_told_to_wait(program_of: ProgramOf, dealership: Dealership) -> None:
    owner = program_of("process_owner")
    body = {
        "workerId": "w",
        "maxTasks": 1,
        "asyncResponseTimeout": 600,
        "topics": [{"topicName": "price", "lockDuration": 9}],
    }

    def answers() -> Iterator[TestResponse]:
        found: list[TestResponse] = []
        threads = [
            threading.Thread(target=lambda: found.append(sent(owner, "/external-task/fetchAndLock", body, "at once")))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        yield from sorted(found, key=lambda answer: answer.status_code)

    done, refused = answers()
    assert (done.status_code, refused.status_code, refused.headers["Retry-After"]) == (200, 409, "1")


@SQLITE_ONLY
def test_what_was_fetched_is_fetched_again_with_the_same_key_and_forgotten_after_a_day(
    program_of: ProgramOf, dealership: Dealership, main_engine: Engine
) -> None:
    owner = program_of("process_owner")
    deployed(owner, "operations/external_work.bpmn")
    start = {"variables": {"order": {"value": 7}}}
    for _ in range(2):
        owner.done("POST", "/process-definition/key/external_work/start", start, 200)
    topics = [{"topicName": "price", "lockDuration": 60_000}]
    body = {"workerId": "w", "maxTasks": 1, "topics": topics}
    first, again = (sent(owner, "/external-task/fetchAndLock", body, "fetch") for _ in range(2))
    assert len(first.json) == 1  # type: ignore[arg-type]
    assert first.json == again.json
    assert sent(owner, "/external-task/fetchAndLock", body, "next").json != first.json
    with writing(), Session(main_engine) as session:
        newest = session.scalars(select(func.max(KeptAnswer.kept_at))).one()
        assert forget_kept_answers(session, newest + KEPT) in (0, 1)
        assert forget_kept_answers(session, newest + KEPT + timedelta(seconds=1)) >= 1
        session.commit()
    assert sent(owner, "/external-task/fetchAndLock", body, "fetch").json == []


@SQLITE_ONLY
def test_a_stale_version_changes_nothing(program: Program, program_of: ProgramOf, dealership: Dealership) -> None:
    path = f"/task/{dealership.user_task_id}"

    def read() -> str:
        return program.send("GET", path).headers["ETag"]

    def claim(tag: str) -> TestResponse:
        return program.send("POST", f"{path}/claim", {"userId": "cr_advisor"}, headers={"If-Match": tag})

    before = read()
    program_of("service_manager").done("POST", f"{path}/assignee", {"userId": "service_advisor"})
    program_of("service_advisor").done("POST", f"{path}/unclaim")
    assert read() != before
    stale = claim(before)
    assert (stale.status_code, stale.json["type"]) == (412, "OptimisticLockingException")  # type: ignore[index]
    assert claim(f"W/{read()}").status_code == 412, "weak tags do not compare"
    claimed = claim(f'"none", {read()}')
    assert (claimed.status_code, claimed.headers["ETag"]) == (204, read())
    assert claim("*").status_code == 204
    owner, later = program_of("process_owner"), {**program.get(path), "priority": 70}
    assert owner.send("PUT", path, later, headers={"If-Match": before}).status_code == 412
    assert owner.send("PUT", path, later, headers={"If-Match": read()}).status_code == 204
    program.done("POST", f"{path}/unclaim")
    stranger = program_of("stranger")
    assert stranger.send("POST", f"{path}/unclaim", {}, headers={"If-Match": "*"}).status_code == 500, "as for any gone"
