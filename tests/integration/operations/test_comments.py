"""The discussion of a case: who may write, who is told, what the history keeps."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput, NotAllowed
from app.models import Comment, Notification, ProcessInstance
from app.models.case_content_queries import people_who_see
from app.operations.actor import Actor
from app.operations.authority import AuditorsChangeNothing
from app.operations.cases import Case, CaseNotFound
from app.operations.comments import (
    LONGEST_COMMENT,
    TO_MEND,
    CommentNotFound,
    CommentTooOld,
    edit_comment,
    write_comment,
)
from app.operations.history import case_stream
from app.operations.history_erasure import erase_subject
from app.operations.history_reading import read_events
from app.operations.replay import replay_case
from tests.integration.operations.dealership import CUSTOMER, NOW, Dealership, later


def write(session: Session, case: Case, text: str, person: str = "ada", **options: object) -> str:
    return write_comment(session, case.id, text, actor=Actor(person), now=NOW, **options)  # type: ignore[arg-type]


def told(session: Session) -> set[str]:
    return set(session.scalars(select(Notification.user_id).where(Notification.kind == "mentioned")))


def test_a_comment_is_written_and_recorded(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    user_task_id = dealership.user_task(case, "check")
    comment_id = write(session, case, "  first line \r\nsecond line\r\n\r\n", user_task_id=user_task_id)
    assert session.get_one(Comment, comment_id).text == "first line\nsecond line"
    assert session.get_one(ProcessInstance, case.id).comment_count == 1
    event = read_events(session, case_stream(case.id))[-1]
    assert (event.type, event.personal) == ("comment_written", {"text": "first line\nsecond line"})
    assert (event.activity_id, event.element_id) == (user_task_id, "check")
    assert replay_case(session, case.id).difference is None


def test_what_was_said_is_not_plain_in_the_history(session: Session, dealership: Dealership) -> None:
    write(session, dealership.start(), "a word nobody may find")
    stored = session.connection().exec_driver_sql("SELECT canonical FROM history_event").scalars().all()
    assert not [row for row in stored if b"nobody may find" in bytes(row)]


def test_who_may_write(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    for person in ("eve", "dual"):
        with pytest.raises(AuditorsChangeNothing):
            write(session, case, "x", person)
    with pytest.raises(CaseNotFound):
        write(session, case, "x", "far")
    write(session, case, "x", "cam")


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (LONGEST_COMMENT + 1)])
def test_nothing_and_too_much_are_refused(session: Session, dealership: Dealership, text: str) -> None:
    with pytest.raises(InvalidInput):
        write(session, dealership.start(), text)


def test_who_is_mentioned_is_told(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    write(session, case, "@bea please ask @cam, not a@dan or @far or @gone or @nobody; I am @ada")
    assert told(session) == {"bea", "cam"}
    notification = session.scalars(select(Notification).where(Notification.user_id == "bea")).one()
    assert notification.instance_id == case.id
    note = json.loads(notification.params)["note"]
    assert note == "@Bea please ask @Cam, not a@dan or @far or @gone or @nobody; I am @Ada"


def test_w03_only_people_who_see_the_case_are_offered(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    everybody = {person for person, _name in people_who_see(session, case.id)}
    assert everybody == {"ada", "bea", "cam", "two", "dual", "eve", "own"}  # not far, dan, gone
    assert people_who_see(session, case.id, words="BE") == [("bea", "Bea")]
    assert people_who_see(session, case.id, words="%") == []
    assert people_who_see(session, case.id, words="far") == []


def test_an_own_comment_can_be_changed_for_minutes(session: Session, dealership: Dealership) -> None:
    case = dealership.start()
    comment_id = write(session, case, "@bea look")
    edit_comment(session, comment_id, "@bea @cam look", actor=Actor("ada"), now=NOW + TO_MEND)
    comment = session.get_one(Comment, comment_id)
    session.refresh(comment)
    assert (comment.text, comment.edited_at) == ("@bea @cam look", NOW + TO_MEND)
    assert told(session) == {"bea", "cam"}
    assert len(session.scalars(select(Notification.id).where(Notification.user_id == "bea")).all()) == 1
    event = read_events(session, case_stream(case.id))[-1]
    assert (event.type, event.personal) == ("comment_edited", {"old": "@bea look", "new": "@bea @cam look"})
    edit_comment(session, comment_id, "@bea @cam look", actor=Actor("ada"), now=NOW)  # the same: nothing
    assert len(read_events(session, case_stream(case.id))) == event.stream_sequence


def test_what_cannot_be_changed(session: Session, dealership: Dealership) -> None:
    comment_id = write(session, dealership.start(), "x")
    refusals = (
        ("bea", NOW, NotAllowed), ("eve", NOW, AuditorsChangeNothing), ("far", NOW, CommentNotFound),
        ("ada", NOW + TO_MEND + timedelta(seconds=1), CommentTooOld),
    )  # fmt: skip
    for person, now, error in refusals:
        with pytest.raises(error):
            edit_comment(session, comment_id, "y", actor=Actor(person), now=now)
    with pytest.raises(CommentNotFound):
        edit_comment(session, "nothing", "y", actor=Actor("ada"), now=NOW)


def test_w61_erasing_a_person_empties_the_comments(session: Session, dealership: Dealership) -> None:
    case, other = dealership.start(), dealership.start(customer_id=None)
    comment_id, kept = write(session, case, "@bea he is angry"), write(session, other, "another case")
    erase_subject(session, CUSTOMER, "asked for it", actor=Actor("own"), now=NOW)
    session.commit()
    session.expire_all()
    assert session.get_one(Comment, comment_id).text == ""
    assert session.get_one(Comment, kept).text == "another case"
    assert "angry" not in session.scalars(select(Notification.params)).one()
    with pytest.raises(CommentTooOld):
        edit_comment(session, comment_id, "y", actor=Actor("ada"), now=later(minutes=1))
