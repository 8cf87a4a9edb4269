"""Mails about a case carry its drawing: names of steps and nothing else, for those who may see the case."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage

import pytest
from PIL import Image
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.models import Job, Membership, OutgoingMessage, ProcessAccess, User
from app.operations.actor import Actor
from app.operations.case_drawings import drawing_for
from app.operations.notification_mail import MOST_SINGLE, mail_notifications
from app.operations.notifications import notify
from app.operations.outgoing import DRAWING
from app.operations.surroundings import Surroundings, no_picture
from app.worker import run_due
from app.worker.documents import picture_of
from tests.integration.mail_receiver import mail_receiver
from tests.integration.operations.dealership import NOW, Dealership

Sessions = sessionmaker[Session]
PNG = b"\x89PNG\r\n and more"
ADDRESS = "cam@shop.example"
READER = "bea"  # may see the case as one of its group, and no other way


@pytest.fixture
def case_id(dealership: Dealership, session: Session) -> str:
    """A case that its reader was told of, with mail waiting to be sent."""
    session.execute(update(User).where(User.id == READER).values(email=ADDRESS, locale="zh_CN"))
    case = dealership.start(subject="王小明 10012345678")
    dealership.complete(case, "check", "ada", verdict="later")
    return case.id


def _tell(session: Session, case_id: str, times: int = 1) -> None:
    for _ in range(times):
        notify(session, [READER], "mentioned", params={}, instance_id=case_id, actor=Actor("ada"), now=NOW)
    mail_notifications(session, NOW + timedelta(minutes=1))
    session.commit()


def _sent(sessions: Sessions, drawn: list[str], *, picture: bytes | None = PNG) -> list[EmailMessage]:
    def make(svg: str) -> bytes | None:
        drawn.append(svg)
        return picture

    with mail_receiver() as receiver:
        surroundings = Surroundings(mail=receiver.server(), public_url="https://care.example", picture_of=make)
        run_due(sessions, NOW + timedelta(minutes=2), surroundings=surroundings)
    return [mail for _to, mail in receiver.received]


def _pictures(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.walk() if part.get_content_type() == "image/png"]


def test_a_mail_about_a_case_shows_where_it_stands(session: Session, sessions: Sessions, case_id: str) -> None:
    _tell(session, case_id)
    drawn: list[str] = []
    (mail,) = _sent(sessions, drawn)
    (picture,) = _pictures(mail)
    assert picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"
    page = mail.get_body(("html",))
    assert page is not None
    html = page.get_content()
    assert f'src="cid:{str(picture["Content-ID"]).strip("<>")}"' in html
    assert 'alt="' in html
    assert "data-element" in drawn[0]
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "cid:" not in plain.get_content()


def test_w32_the_drawing_holds_names_of_steps_and_no_values(session: Session, case_id: str) -> None:
    drawing = drawing_for(session, READER, case_id, "zh_CN")
    assert drawing is not None
    assert "<style" in drawing.svg
    for value in ("王小明", "10012345678"):
        assert value not in drawing.svg + drawing.label


def test_who_may_no_longer_see_the_case_gets_no_drawing(session: Session, sessions: Sessions, case_id: str) -> None:
    _tell(session, case_id)
    session.execute(delete(Membership).where(Membership.user_id == READER))
    session.commit()
    drawn: list[str] = []
    (mail,) = _sent(sessions, drawn)
    assert _pictures(mail) == []
    assert "cid:" not in mail.as_string()
    assert drawn == []


def test_who_never_may_see_it_has_no_drawing_asked_for(session: Session, case_id: str) -> None:
    session.execute(delete(Membership).where(Membership.user_id == READER))
    session.execute(delete(ProcessAccess))
    _tell(session, case_id)
    assert [DRAWING in payload for payload in session.scalars(select(Job.payload).where(Job.kind == "mail"))] == [False]


def test_without_what_makes_pictures_the_mail_goes_without(session: Session, sessions: Sessions, case_id: str) -> None:
    _tell(session, case_id)
    (mail,) = _sent(sessions, [], picture=None)
    assert _pictures(mail) == []
    assert Surroundings().picture_of is no_picture
    assert session.scalars(select(OutgoingMessage.state)).all() == ["sent"]


def test_several_in_one_mail_go_without(session: Session, sessions: Sessions, case_id: str) -> None:
    _tell(session, case_id, MOST_SINGLE + 1)
    drawn: list[str] = []
    (mail,) = _sent(sessions, drawn)
    assert (_pictures(mail), drawn) == ([], [])


def test_without_a_mail_server_nothing_is_drawn(session: Session, sessions: Sessions, case_id: str) -> None:
    _tell(session, case_id)
    drawn: list[str] = []
    run_due(sessions, NOW + timedelta(minutes=2), surroundings=Surroundings(picture_of=drawn.append))
    assert drawn == []


def test_a_real_picture_is_small(documents_can_be_made: None, session: Session, case_id: str) -> None:
    drawing = drawing_for(session, READER, case_id, "en")
    assert drawing is not None
    content = picture_of(drawing.svg)
    assert content is not None
    assert len(content) <= 300_000
    assert Image.open(io.BytesIO(content)).width > 200
