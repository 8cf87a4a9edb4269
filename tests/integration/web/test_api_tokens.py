"""W63: tokens for programs, end to end: shown once, hashed, scoped, expiring, revocable, never in addresses or logs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from app.database import writing
from app.extensions import db
from app.models import ApiToken, User, UserTask
from app.operations.actor import SYSTEM
from app.operations.history import CONFIGURATION_STREAM
from app.operations.history_chains_check import verify_chains
from app.operations.history_reading import read_events
from app.operations.second_factor import require_second_factor
from app.operations.sign_in import hash_token
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.dealership import Dealership
from tests.integration.web.test_second_factor import set_up

PERSON = "cr_advisor"
WISH = {"name": "the wallboard", "days": "30", "scope": ["read", "work"]}


class Program:
    """A program with a token and without cookies."""

    def __init__(self, app: Flask, token: str) -> None:
        self._client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, path: str, method: str = "GET", **options: object) -> tuple[int, dict[str, object]]:
        answer = self._client.open(path, method=method, headers=self.headers, **options)  # type: ignore[arg-type]
        return answer.status_code, answer.get_json(silent=True) or {}


@pytest.fixture
def person(app: Flask, dealership: Dealership) -> Browser:
    return signed_in(app, PERSON)


def new_token(browser: Browser, **changes: object) -> str:
    page = browser.post("/account/tokens", {**WISH, **changes}).text
    found = re.search(r">(aft_[\w-]{43})<", page)
    assert found
    return found[1]


def test_w63_a_token_works_as_its_person(app: Flask, person: Browser, dealership: Dealership) -> None:
    program = Program(app, new_token(person))
    status, me = program.ask("/api/v1/me")
    assert (status, me["id"]) == (200, PERSON)
    status, found = program.ask("/api/v1/user-tasks?view=claimable")
    assert (status, found["userTasks"][0]["id"]) == (200, dealership.user_task_id)  # type: ignore[index]
    path = f"/api/v1/user-tasks/{dealership.user_task_id}"
    status, claimed = program.ask(f"{path}/claim", "POST")
    assert (status, claimed["assignee"]) == (200, PERSON)
    assert program.ask(f"{path}/unclaim", "POST")[1]["assignee"] is None
    assert program.ask("/api/v1/user-tasks?view=nonsense")[0] == 422
    assert program.ask("/api/v1/user-tasks?limit=9999")[0] == 422


def test_the_history_names_the_program_beside_the_person(app: Flask, person: Browser, dealership: Dealership) -> None:
    token = new_token(person, name="DMS import", scope=["read", "work"])
    path, case = f"/user-tasks/{dealership.user_task_id}", f"/cases/{dealership.instance_id}"
    assert Program(app, token).ask(f"/api/v1{path}/claim", "POST")[0] == 200
    assert "through “DMS import”" in person.get(f"{case}/history").text
    person.post(f"{path}/unclaim")
    rows = Program(app, token).ask("/engine-rest/history/user-operation")[1]
    told = {row["operationType"]: (row["userId"], row["annotation"]) for row in rows}  # type: ignore[call-overload]
    assert told["user_task_claimed"] == (PERSON, "DMS import")
    assert told["user_task_unclaimed"] == (PERSON, None)
    history = Program(app, token).ask(f"/api/v1{case}/history")[1]["events"]
    assert {one["program"] for one in history if one["type"] == "user_task_claimed"} == {"DMS import"}  # type: ignore[attr-defined]
    with app.app_context():
        assert verify_chains(db.session())[2] is None


def test_w63_the_token_is_nowhere_but_with_its_owner(
    app: Flask, person: Browser, main_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    token = new_token(person)
    assert token not in person.get("/account/tokens").text
    Program(app, token).ask("/api/v1/me")
    Program(app, token + "x").ask("/api/v1/me")
    with Session(main_engine) as session:
        assert session.scalars(select(ApiToken.token_hash)).one() == hash_token(token)
        for table in ("api_token", "history_event", "history_pending", "job"):
            assert token not in str(session.execute(text(f"SELECT * FROM {table}")).all()), table  # noqa: S608
        told = [event for event in read_events(session, CONFIGURATION_STREAM) if event.type == "api_token_created"]
        assert told[0].actor_id == PERSON
    assert token[4:] not in capsys.readouterr().err


def test_w63_scopes_are_enforced(app: Flask, person: Browser, dealership: Dealership, main_engine: Engine) -> None:
    program = Program(app, new_token(person, scope=["read"]))
    assert program.ask("/api/v1/me")[0] == 200
    status, problem = program.ask(f"/api/v1/user-tasks/{dealership.user_task_id}/claim", "POST")
    assert (status, problem["error"]) == (403, "ScopeMissing")
    with Session(main_engine) as session:
        assert session.get_one(UserTask, dealership.user_task_id).assignee_id is None


def test_w63_use_after_revoke_end_or_disabling_is_401(
    app: Flask, person: Browser, main_engine: Engine, session_clock: SteppedClock
) -> None:
    revoked, kept = Program(app, new_token(person)), Program(app, new_token(person))
    with Session(main_engine) as session:
        name = session.scalars(select(ApiToken.id).order_by(ApiToken.created_at)).first()
    assert person.post("/account/tokens/revoke", {"token": name}).status_code == 303
    assert (revoked.ask("/api/v1/me")[0], kept.ask("/api/v1/me")[0]) == (401, 200)
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == PERSON).values(is_active=False))
        session.commit()
    assert kept.ask("/api/v1/me")[0] == 401
    with writing(), Session(main_engine) as session:
        session.execute(update(User).where(User.id == PERSON).values(is_active=True))
        session.commit()
    session_clock.ahead += timedelta(days=29)
    assert kept.ask("/api/v1/me")[0] == 200
    session_clock.ahead += timedelta(days=2)
    assert kept.ask("/api/v1/me")[0] == 401


def test_w63_a_token_counts_in_its_header_and_at_addresses_for_programs_only(app: Flask, person: Browser) -> None:
    token = new_token(person)
    program = Program(app, token)
    assert program.ask("/inbox")[0] == 302
    assert program.ask("/account/tokens", "POST", data=WISH)[0] == 401
    program.headers = {}
    assert program.ask(f"/api/v1/me?token={token}&access_token={token}")[0] == 401
    program.headers = {"Authorization": f"Basic {token}"}
    assert program.ask("/api/v1/me")[0] == 401


def test_w63_making_one_needs_a_recent_sign_in_and_an_administrator_revokes(
    app: Flask, person: Browser, main_engine: Engine, session_clock: SteppedClock
) -> None:
    program = Program(app, new_token(person))
    for wrong in ({"name": ""}, {"days": "9999"}, {"scope": ["everything"]}, {"scope": []}):
        assert person.post("/account/tokens", {**WISH, **wrong}).status_code == 422
    with Session(main_engine) as session:
        name = session.scalars(select(ApiToken.id)).one()
    other = signed_in(app, "process_owner")
    other.post("/account/tokens/revoke", {"token": name})
    assert program.ask("/api/v1/me")[0] == 200, "of somebody else"
    admin = signed_in(app, "admin")
    assert admin.post(f"/admin/users/{PERSON}/sign-in/tokens/revoke", {"token": name}).status_code == 303
    assert program.ask("/api/v1/me")[0] == 401
    session_clock.ahead += timedelta(minutes=11)
    assert person.post("/account/tokens", WISH).status_code == 403


def test_w27_a_token_does_not_skip_the_second_factor(
    app: Flask, person: Browser, main_engine: Engine, session_clock: SteppedClock
) -> None:
    program = Program(app, new_token(person))
    with writing(), Session(main_engine) as session:
        require_second_factor(session, PERSON, is_required=True, actor=SYSTEM, now=datetime.now(UTC))
        session.commit()
    assert program.ask("/api/v1/me")[0] == 403
    set_up(person, session_clock)
    assert program.ask("/api/v1/me")[0] == 200


def test_a_browser_asks_the_same_with_its_session(person: Browser) -> None:
    assert person.get("/api/v1/me").json == person.get("/api/v1/me", headers={"Accept": "text/html"}).json
