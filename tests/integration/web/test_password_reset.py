"""W29, W27: a new password by a link that a mail brings, end to end."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.database import writing
from app.models import Job, PasswordLink, User
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_reading import read_events
from app.operations.password_mail import KIND
from app.operations.surroundings import surroundings_of
from app.worker import run_due
from tests.integration.mail_receiver import MailReceiver, mail_receiver
from tests.integration.web.browser import PASSWORD, Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.test_second_factor import set_up

NEW = "seven lamps over water"
WISH = {"new_password": NEW, "new_password_again": NEW}
PERSON = "cr_advisor"


@pytest.fixture
def receiver() -> Iterator[MailReceiver]:
    with mail_receiver() as started:
        yield started


@pytest.fixture
def config(config: Config, receiver: MailReceiver) -> Config:
    return replace(config, mail=receiver.server())


@pytest.fixture
def asked(app: Flask, people: None, main_engine: Engine) -> Browser:
    """A browser in which nobody is signed in; the person has a mail address."""
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == PERSON).values(email="advisor@shop.example"))
        session.commit()
    return Browser(app)


@pytest.fixture
def link(asked: Browser, config: Config, sessions: sessionmaker[Session], receiver: MailReceiver) -> Callable[[], str]:
    """Asks for a link and gives its path, as the mail brought it."""

    def ask(**options: object) -> str:
        assert asked.post("/password/forgotten", {"user_id": PERSON}, **options).status_code == 200
        run_due(sessions, datetime.now(UTC) + timedelta(seconds=1), surroundings=surroundings_of(config))
        body = receiver.received[-1][1].get_body(("plain",))
        found = re.search(re.escape(config.public_url) + r"(/password/link/[\w-]+)\s", str(body and body.get_content()))
        assert found
        return found[1]

    return ask


def test_w29_the_mailed_link_sets_a_password_once(
    app: Flask, asked: Browser, link: Callable[[], str], main_engine: Engine, receiver: MailReceiver
) -> None:
    at_work = signed_in(app, PERSON)
    path = link()
    assert receiver.received[-1][0] == "advisor@shop.example"
    assert len(path.rpartition("/")[2]) * 6 >= 128, "bits, of which each sign holds six"
    assert [asked.get(path).status_code for _ in range(2)] == [200, 200], "programs that look at mails use nothing up"
    refused = asked.post(path, {"new_password": "short", "new_password_again": "short"})
    assert (refused.status_code, "at least 12" in refused.text) == (422, True)
    assert asked.post(path, {**WISH, "new_password_again": "other"}).status_code == 422
    assert asked.post(path, WISH).location == "/sign-in"
    assert at_work.get("/inbox").location.startswith("/sign-in"), "all sessions end"
    assert (asked.get(path).status_code, asked.post(path, WISH).status_code) == (410, 410)
    assert Browser(app).sign_in(PERSON).status_code == 401
    assert Browser(app).sign_in(PERSON, NEW).status_code == 302
    with Session(main_engine) as session:
        told = [event.type for event in read_events(session, CONFIGURATION_STREAM)]
        assert told[-2:] == ["password_link_made", "user_password_changed"]


def test_w29_the_link_is_good_for_a_quarter_of_an_hour(
    asked: Browser, link: Callable[[], str], session_clock: SteppedClock
) -> None:
    path = link()
    session_clock.ahead += timedelta(minutes=14)
    assert asked.get(path).status_code == 200
    session_clock.ahead += timedelta(minutes=2)
    assert (asked.get(path).status_code, asked.post(path, WISH).status_code) == (410, 410)


def test_w29_a_newer_link_replaces_the_older_one(asked: Browser, link: Callable[[], str]) -> None:
    older, newer = link(), link()
    assert (asked.get(older).status_code, asked.get(newer).status_code) == (410, 200)


def test_w29_the_host_of_the_request_is_not_in_the_link(
    asked: Browser, link: Callable[..., str], config: Config, receiver: MailReceiver
) -> None:
    evil = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    link(headers={**evil, "X-CSRFToken": asked.read_token("/password/forgotten")})
    mail = receiver.received[-1][1].as_string()
    assert "evil.example" not in mail
    assert config.public_url in mail
    answer = asked.post("/password/forgotten", {"user_id": PERSON}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert len(receiver.received) == 1


def test_w29_unknown_users_get_the_same_answer_and_nobody_a_mail(
    asked: Browser, config: Config, sessions: sessionmaker[Session], receiver: MailReceiver
) -> None:
    answers = []
    for name in (PERSON, "nobody", "admin"):  # who has no address
        page = asked.post("/password/forgotten", {"user_id": name})
        answers.append((page.status_code, re.sub(r"[\w-]{43}|[0-9a-f]{64}", "", page.text)))
        with sessions() as session:
            assert session.scalars(select(Job.kind).where(Job.kind == KIND)).all()
    assert answers[0] == answers[1] == answers[2]
    run_due(sessions, datetime.now(UTC) + timedelta(seconds=1), surroundings=surroundings_of(config))
    assert [to for to, _message in receiver.received] == ["advisor@shop.example"]


def test_w29_asking_is_throttled(asked: Browser) -> None:
    answers = [asked.post("/password/forgotten", {"user_id": PERSON}).status_code for _ in range(8)]
    assert answers[-1] == 429
    assert Browser(asked._app).sign_in(PERSON).status_code == 302, "the sign-in is not"


def test_w29_the_token_lies_nowhere_in_the_database(link: Callable[[], str], main_engine: Engine) -> None:
    token = link().rpartition("/")[2]
    with Session(main_engine) as session:
        assert session.scalars(select(PasswordLink.token_hash)).one()
        for name in ("job", "outgoing_message", "history_event", "history_pending", "password_link"):
            assert token not in str(session.execute(text(f"SELECT * FROM {name}")).all()), name  # noqa: S608


def test_w29_a_mail_server_that_is_away_leaves_no_link(
    asked: Browser, config: Config, sessions: sessionmaker[Session], receiver: MailReceiver
) -> None:
    receiver.answer = "451 later"
    asked.post("/password/forgotten", {"user_id": PERSON})
    run_due(sessions, datetime.now(UTC) + timedelta(seconds=1), surroundings=surroundings_of(config))
    with sessions() as session:
        assert session.scalars(select(PasswordLink)).all() == []
        assert session.scalars(select(Job.state).where(Job.kind == KIND)).all() == ["pending"]


def test_w27_a_new_password_does_not_skip_the_second_factor(
    app: Flask, asked: Browser, link: Callable[[], str], session_clock: SteppedClock
) -> None:
    person = signed_in(app, PERSON)
    set_up(person, session_clock)
    assert asked.post(link(), WISH).status_code == 303
    again = Browser(app)
    assert again.sign_in(PERSON, NEW).status_code == 302
    assert again.get("/inbox").location.startswith("/second-factor")


def test_without_a_mail_server_the_page_says_who_can_help(app: Flask, asked: Browser) -> None:
    app.extensions["surroundings"] = replace(app.extensions["surroundings"], mail=None)
    page = asked.get("/password/forgotten")
    assert "Ask your administrator" in page.text
    assert 'name="user_id"' not in page.text
    assert PASSWORD not in page.text
