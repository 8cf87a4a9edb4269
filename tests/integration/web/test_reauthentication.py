"""W09: what is dangerous needs a reason and a proof of at most ten minutes ago, and keeps what was typed."""

import html
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import ProcessInstance, SecondFactor, User, Variable
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.web.reauthentication import CODE, MARK
from app.web.reauthentication import PASSWORD as AGAIN
from tests.integration.web.browser import PASSWORD, Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.dealership import Dealership
from tests.integration.web.test_second_factor import next_code, set_up

STALE = timedelta(minutes=11)
DANGEROUS = {
    "api_tokens.create",
    "case_changes.cancel",
    "case_changes.move",
    "case_variables.variable",
    "case_changes.version",
    "definitions.migration",
    "definitions.suspension",
    "groups.change",
    "provider_sign_in.link",
    "provider_sign_in.unlink",
    "second_factor.codes",
    "second_factor.remove",
    "user_page.change",
    "user_page.groups",
    "user_page.password",
    "user_page.second_factor",
    "user_page.state",
    "user_sign_in.end",
    "user_sign_in.link",
    "user_sign_in.password_link",
}
REASON = "typed “with care” <b>\r\nin two lines"


@pytest.fixture
def owner(app: Flask, dealership: Dealership, session_clock: SteppedClock) -> Browser:
    """A process owner, signed in eleven minutes ago."""
    browser = signed_in(app, "process_owner")
    session_clock.ahead += STALE
    return browser


def again(page: str) -> dict[str, str | list[str]]:
    """What the form of the page would send, but for what is to be typed."""
    found: dict[str, str | list[str]] = {}
    for name, text in re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL):
        value, earlier = html.unescape(text), found.get(name)
        found[name] = value if earlier is None else [*([earlier] if isinstance(earlier, str) else earlier), value]
    return found


def test_w09_every_dangerous_view_asks_for_a_recent_sign_in(app: Flask) -> None:
    marked = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, MARK, False)}
    assert DANGEROUS - marked == set()
    assert any(endpoint.startswith("hand_overs.") for endpoint in marked)


def test_w09_stale_sign_in_is_asked_again_and_nothing_typed_is_lost(
    owner: Browser, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    path = f"/cases/{dealership.instance_id}/change/cancel"
    asked = owner.post(path, {"reason": REASON})
    assert asked.status_code == 403
    assert f'action="{path}"' in asked.text
    assert again(asked.text) == {"reason": REASON}
    wrong = owner.post(path, {**again(asked.text), AGAIN: "wrong"})
    assert (wrong.status_code, "password is wrong" in wrong.text) == (403, True)
    assert again(wrong.text) == {"reason": REASON}
    with sessions() as session:
        assert session.get_one(ProcessInstance, dealership.instance_id).ended_at is None
    assert owner.post(path, {**again(wrong.text), AGAIN: PASSWORD}).status_code == 303
    with sessions() as session:
        assert session.get_one(ProcessInstance, dealership.instance_id).ended_at is not None
        told = [event for event in read_events(session, case_stream(dealership.instance_id)) if event.reason][-1]
        assert (told.actor_id, told.reason) == ("process_owner", REASON)


def test_w09_several_values_of_one_field_come_through(owner: Browser, dealership: Dealership) -> None:
    path = f"/cases/{dealership.instance_id}/change/move"
    typed = {"withdraw": ["first", "second"], "reason": "both"}
    assert again(owner.post(path, typed).text) == typed


def test_w09_one_proof_is_good_for_ten_minutes(
    owner: Browser, dealership: Dealership, session_clock: SteppedClock, sessions: sessionmaker[Session]
) -> None:
    path = f"/cases/{dealership.instance_id}/change/variable"
    typed = {"name": "level", "kind": "feel", "reason": "corrected", "scope": dealership.instance_id}
    assert owner.post(path, {**typed, "value": "2", AGAIN: PASSWORD}).status_code == 303
    session_clock.ahead += timedelta(minutes=9)
    assert owner.post(path, {**typed, "value": "3"}).status_code == 303
    session_clock.ahead += timedelta(minutes=2)
    assert owner.post(path, {**typed, "value": "4"}).status_code == 403
    with sessions() as session:
        kept = session.scalars(select(Variable.value).where(Variable.name == "level")).one()
        assert "3" in str(kept)
        changes = [event for event in read_events(session, case_stream(dealership.instance_id)) if event.reason]
        assert [change.actor_id for change in changes[-2:]] == ["process_owner"] * 2


@pytest.mark.parametrize("page", ["cancel", "move", "variable", "suspension"])
def test_w09_a_reason_is_demanded(owner: Browser, dealership: Dealership, page: str) -> None:
    path = f"/cases/{dealership.instance_id}/change/{page}"
    fields = {"name": "level", "value": "2", "kind": "feel", "start": "before:Activity_Call", "wanted": "suspend"}
    answer = owner.post(path, {**fields, "reason": " ", AGAIN: PASSWORD})
    assert (answer.status_code, "Say why" in answer.text) == (422, True)


def test_w09_programs_and_scripts_are_told_plainly(owner: Browser, dealership: Dealership) -> None:
    path = f"/cases/{dealership.instance_id}/change/cancel"
    answer = owner.post(path, {"reason": "x"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json and answer.json["error"]) == (403, "RecentSignInNeeded")
    piece = owner.post(path, {"reason": "x"}, headers={"HX-Request": "true"})
    assert (piece.status_code, "/sign-in/again" in piece.text) == (403, True)
    assert owner.post("/sign-in/again", {AGAIN: "wrong"}).status_code == 422
    proved = owner.post("/sign-in/again", {AGAIN: PASSWORD, "next": "https://evil.example/"})
    assert (proved.status_code, proved.location) == (303, "/")
    assert owner.post(path, {"reason": "x"}, headers={"HX-Request": "true"}).status_code == 303


def test_w09_guessing_is_throttled(owner: Browser, dealership: Dealership) -> None:
    path = f"/cases/{dealership.instance_id}/change/cancel"
    answers = [owner.post(path, {"reason": "x", AGAIN: f"guess {number}"}) for number in range(10)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert again(answers[-1].text) == {"reason": "x"}


def test_w09_who_has_no_password_is_asked_for_the_code(
    app: Flask, dealership: Dealership, session_clock: SteppedClock, main_engine: Engine
) -> None:
    owner = signed_in(app, "process_owner")
    phone, _ = set_up(owner, session_clock)
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == "process_owner").values(password_hash=None))
        session.commit()
    session_clock.ahead += STALE
    path = "/account/second-factor/remove"
    asked = owner.post(path)
    assert (asked.status_code, CODE in asked.text, AGAIN in asked.text) == (403, True, False)
    assert owner.post(path, {AGAIN: PASSWORD}).status_code == 403
    assert owner.post(path, {CODE: "000000"}).status_code == 403
    assert owner.post(path, {CODE: next_code(phone, session_clock)}).status_code == 303
    with Session(main_engine) as session:
        assert session.scalar(select(SecondFactor.user_id)) is None


def test_w09_files_are_asked_for_again_by_name(app: Flask, owner: Browser, dealership: Dealership) -> None:
    path = f"/cases/{dealership.instance_id}/change/cancel"
    asked = owner.post(path, {"reason": "x", "proof": (BytesIO(b"abc"), "proof.pdf")})
    assert '<input id="file-1" name="proof" type="file" required>' in asked.text
    assert 'enctype="multipart/form-data"' in asked.text
