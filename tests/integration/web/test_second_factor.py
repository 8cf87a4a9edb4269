"""W16, W26, W27: the second factor of signing in, end to end over HTTP."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import RecoveryCode, SecondFactor
from app.operations.actor import SYSTEM
from app.operations.second_factor import require_second_factor
from app.web.permissions import PUBLIC, declared
from tests.integration.web.browser import PASSWORD, Browser, signed_in
from tests.integration.web.conftest import SteppedClock
from tests.integration.web.dealership import Dealership

PERSON = "process_owner"


@pytest.fixture
def clock(app: Flask) -> SteppedClock:
    stepped = SteppedClock()
    app.extensions["session_clock"] = stepped
    return stepped


@pytest.fixture
def owner(app: Flask, dealership: Dealership) -> Browser:
    return signed_in(app, PERSON)


def set_up(browser: Browser, clock: SteppedClock) -> tuple[pyotp.TOTP, list[str]]:
    """Set up an authenticator as its owner would; the authenticator and the recovery codes."""
    assert browser.post("/account/second-factor/begin").status_code == 303
    page = browser.get("/account/second-factor").text
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found
    assert re.search(r'<svg[^>]* viewBox="0 0 \d+ \d+"', page), "the whole picture, whatever its size on the page"
    phone = pyotp.TOTP(found[1].replace(" ", ""))
    answer = browser.post("/account/second-factor", {"code": phone.at(clock())})
    assert answer.status_code == 200
    browser.token = browser.read_token("/password")
    return phone, re.findall(r"<li><code>([a-z0-9-]+)</code></li>", answer.text)


def pass_with(browser: Browser, code: str) -> int:
    token = browser.read_token("/second-factor")
    answer = browser.post("/second-factor", {"code": code}, headers={"X-CSRFToken": token})
    if answer.status_code == 302:
        browser.token = browser.read_token("/password")
    return answer.status_code


def next_code(phone: pyotp.TOTP, clock: SteppedClock) -> str:
    clock.ahead += timedelta(seconds=30)
    return phone.at(clock())


def test_w16_the_session_changes_with_the_factor(app: Flask, owner: Browser, clock: SteppedClock) -> None:
    before = owner.copy()
    phone, _ = set_up(owner, clock)
    assert before.get("/inbox").status_code == 302, "the old session is gone"
    browser = signed_in(app, PERSON)
    half = browser.copy()
    assert pass_with(browser, next_code(phone, clock)) == 302
    assert browser.cookie("aftercare-session") != half.cookie("aftercare-session")
    assert browser.get("/inbox").status_code == 200
    assert "/sign-in" in half.get("/inbox").headers["Location"]


def test_w26_a_code_is_good_once_and_near_its_time_only(app: Flask, owner: Browser, clock: SteppedClock) -> None:
    phone, _ = set_up(owner, clock)
    browser = signed_in(app, PERSON)
    used = phone.at(clock())
    assert pass_with(browser, used) == 422, "the code of the set-up is used up"
    assert pass_with(browser, phone.at(clock() - timedelta(seconds=90))) == 422
    assert pass_with(browser, phone.at(clock() + timedelta(seconds=90))) == 422
    assert pass_with(browser, "一二三四五六") == 422
    assert pass_with(browser, next_code(phone, clock)) == 302


def test_w26_ten_wrong_codes_lock_from_wherever_they_come(app: Flask, owner: Browser, clock: SteppedClock) -> None:
    phone, _ = set_up(owner, clock)
    browser = signed_in(app, PERSON)
    answers = [pass_with(browser, f"{number:06}") for number in range(10)]
    assert answers[0] == 422
    assert answers[-1] == 429
    right = phone.at(clock() + timedelta(seconds=30))
    assert pass_with(browser, right) == 429, "a right one does not help while locked"
    clock.ahead += timedelta(minutes=16)
    assert pass_with(browser, next_code(phone, clock)) == 302


def test_w26_no_secret_lies_open_in_the_database(
    app: Flask, main_engine: Engine, owner: Browser, clock: SteppedClock
) -> None:
    phone, codes = set_up(owner, clock)
    with Session(main_engine) as session:
        factor = session.scalars(select(SecondFactor)).one()
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert phone.secret.encode() not in factor.secret
    assert phone.byte_secret() not in factor.secret
    assert len(phone.byte_secret()) * 8 >= 160
    assert not any(code.encode() in hashes or code.replace("-", "").encode() in hashes for code in codes)


def test_w26_a_recovery_code_lets_in_once(app: Flask, owner: Browser, clock: SteppedClock) -> None:
    _, codes = set_up(owner, clock)
    assert len(set(codes)) == 10
    for expected in (302, 422):
        browser = Browser(app)
        browser.sign_in(PERSON)
        assert pass_with(browser, codes[0].upper().replace("-", " ")) == expected
    assert "9 recovery codes are left" in owner.get("/account/second-factor").text


def test_w27_without_the_code_there_is_no_page(app: Flask, owner: Browser, clock: SteppedClock) -> None:
    set_up(owner, clock)
    browser = signed_in(app, PERSON)
    for rule in app.url_map.iter_rules():
        if rule.arguments or declared(app)[rule.endpoint] == PUBLIC or "GET" not in (rule.methods or ()):
            continue
        answer = browser.get(rule.rule, headers={"Accept": "text/html"})
        if rule.rule == "/second-factor":
            continue
        is_for_programs = rule.rule.startswith("/engine-rest")  # no cookie counts there
        assert answer.status_code in ((401,) if is_for_programs else (302, 403)), rule.rule
        assert "/second-factor" in answer.headers.get("Location", "/second-factor"), rule.rule
    token = browser.read_token("/second-factor")
    assert browser.post("/password", {"password": PASSWORD}, headers={"X-CSRFToken": token}).status_code == 403


def test_w27_whose_group_demands_it_sets_it_up_first(
    app: Flask, main_engine: Engine, dealership: Dealership, owner: Browser, clock: SteppedClock
) -> None:
    with writing(), Session(main_engine) as session:
        require_second_factor(session, PERSON, is_required=True, actor=SYSTEM, now=datetime.now(UTC))
        session.commit()
    assert owner.get("/inbox").headers["Location"].startswith("/account/second-factor"), "also who is at work"
    other = signed_in(app, "cr_advisor")
    assert other.get("/inbox").status_code == 200
    set_up(owner, clock)
    assert owner.get("/inbox").status_code == 200
    removed = owner.post("/account/second-factor/remove")
    assert removed.status_code == 303
    assert owner.get("/inbox").headers["Location"].startswith("/account/second-factor"), "removing is no way around it"


def test_new_codes_replace_the_old_ones(owner: Browser, clock: SteppedClock) -> None:
    _, old = set_up(owner, clock)
    renewed = owner.post("/account/second-factor/recovery-codes")
    new = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", renewed.text)
    assert len(set(new) - set(old)) == 10


def test_a_secret_under_a_lost_key_is_said_clearly(app: Flask, owner: Browser, clock: SteppedClock) -> None:
    phone, _ = set_up(owner, clock)
    earlier, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another key of the product, long enough"
    app.config["SECRET_KEY_FALLBACKS"] = [earlier]
    browser = signed_in(app, PERSON)
    assert pass_with(browser, next_code(phone, clock)) == 302, "an earlier key still opens it"
    app.config["SECRET_KEY_FALLBACKS"] = []
    browser = signed_in(app, PERSON)
    assert pass_with(browser, next_code(phone, clock)) == 500
