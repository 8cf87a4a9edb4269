"""Signing in: throttle, no enumeration, the next page (W16, W22, W25, W35)."""

import math
import os
import random
import sys
import threading
import time
from bisect import bisect
from contextlib import ExitStack
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import writing
from app.models import SignInThrottle, User, WebSession
from app.operations.sign_in import FREE_FAILURES_OF_ADDRESS
from app.web import proofs
from tests.integration.web.browser import PASSWORD, Browser
from tests.integration.web.conftest import SQLITE_ONLY, SteppedClock

SIGN_INS_TIMED = 500 if os.environ.get("DRILL") == "long" else 150  # each costs a whole check of a password


def test_right_password_opens_session_and_leads_on(browser: Browser) -> None:
    answer = browser.sign_in("cr_advisor")
    assert (answer.status_code, answer.location) == (302, "/")
    assert browser.get("/password").status_code == 200


def test_name_is_taken_as_people_type_it(browser: Browser) -> None:
    assert browser.sign_in(" CR_Advisor ").status_code == 302


def test_wrong_password_shows_form_again_in_own_words(browser: Browser) -> None:
    answer = browser.sign_in("cr_advisor", "not the password")
    assert answer.status_code == 401
    assert "User name or password is wrong." in answer.text
    assert browser.get("/password").status_code == 302


def test_sign_in_page_speaks_the_browsers_language(browser: Browser) -> None:
    page = browser.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert "登录" in page.text
    assert 'lang="zh-CN"' in page.text


def test_w22_account_is_throttled_by_the_tenth_try(browser: Browser) -> None:
    statuses = [browser.sign_in("cr_advisor", f"wrong {number}").status_code for number in range(10)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    answer = browser.sign_in("cr_advisor")  # the right password does not help while the block lasts
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_w22_block_is_soft_and_backs_off(browser: Browser, session_clock: SteppedClock) -> None:
    waits = []
    for number in range(12):
        answer = browser.sign_in("cr_advisor", f"wrong {number}")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            session_clock.ahead += timedelta(seconds=waits[-1] + 1)
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    assert browser.sign_in("cr_advisor").status_code == 302


def test_w22_throttle_of_one_account_leaves_others_alone(browser: Browser) -> None:
    for number in range(8):
        browser.sign_in("cr_advisor", f"wrong {number}")
    assert browser.sign_in("service_manager").status_code == 302


def test_w22_address_is_throttled_over_all_accounts(browser: Browser, main_engine: Engine) -> None:
    for number in range(FREE_FAILURES_OF_ADDRESS):
        browser.sign_in(f"somebody{number}", "wrong")
    assert browser.sign_in("cr_advisor").status_code == 429


def test_w22_unknown_user_is_answered_like_a_known_one(browser: Browser) -> None:
    known, unknown = browser.sign_in("cr_advisor", "wrong"), browser.sign_in("nobody_here", "wrong")
    assert known.status_code == unknown.status_code == 401
    assert _without_what_was_typed(known.text) == _without_what_was_typed(unknown.text)


def test_w22_unknown_user_costs_a_hash_too(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    monkeypatch.setattr("app.web.proofs.is_right_password", lambda stored, password: bool(checked.append(stored)))
    browser.sign_in("nobody_here", "wrong")
    assert checked == [None]  # and `is_right_password` verifies a dummy then: tests/unit/operations


@SQLITE_ONLY
def test_w22_nobody_learns_from_the_time_whether_a_user_exists(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FREE_FAILURES_OF_ACCOUNT", "FREE_FAILURES_OF_ADDRESS"):
        monkeypatch.setattr(f"app.operations.sign_in.{name}", 10**6)
    monkeypatch.setattr("app.web.sign_in.within_limit", lambda _kind: None)
    # Two samples alike differ that much once in a hundred rounds; twice running, once in ten thousand.
    assert any(_p_of_same_times(browser) > 0.01 for _ in range(2))


def _p_of_same_times(browser: Browser) -> float:
    """The test of Kolmogorov and Smirnov on wrong sign-ins, half of a user that exists, half of users that do not."""
    headers, taken = {"X-CSRFToken": browser.read_token()}, {True: list[float](), False: list[float]()}
    for number in range(SIGN_INS_TIMED):
        is_known = random.random() < 0.5 if number < SIGN_INS_TIMED - 20 else len(taken[True]) < len(taken[False])
        data = {"user_id": "cr_advisor" if is_known else f"nobody{number}", "password": f"wrong {number}"}
        began = time.perf_counter()
        assert browser.post("/sign-in", data, headers=headers).status_code == 401
        taken[is_known].append(time.perf_counter() - began)
    known, unknown = (sorted(taken[is_known]) for is_known in (True, False))
    apart = max(abs(bisect(known, one) / len(known) - bisect(unknown, one) / len(unknown)) for one in known + unknown)
    scaled = apart * math.sqrt(len(known) * len(unknown) / (len(known) + len(unknown)))
    return 2 * sum((-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101))


def test_w22_throttle_rows_hold_no_typed_names(browser: Browser, main_engine: Engine) -> None:
    browser.sign_in("my-password-by-mistake", "wrong")
    with Session(main_engine) as session:
        keys = session.scalars(select(SignInThrottle.key)).all()
    assert len(keys) == 2
    assert not any("mistake" in key for key in keys)


def test_disabled_user_cannot_sign_in(browser: Browser, main_engine: Engine) -> None:
    with writing(), Session(main_engine) as session:
        session.get_one(User, "cr_advisor").is_active = False
        session.commit()
    assert browser.sign_in("cr_advisor").status_code == 401


def test_w25_fresh_database_has_no_accounts(app: Flask, main_engine: Engine) -> None:
    with Session(main_engine) as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0


def test_w16_signing_in_changes_the_session(browser: Browser, main_engine: Engine) -> None:
    browser.sign_in("cr_advisor")
    first = browser.cookie("aftercare-session")
    token = browser.token
    answer = browser.post("/sign-in", {"user_id": "service_manager", "password": PASSWORD})
    assert answer.status_code == 302
    assert browser.cookie("aftercare-session") != first
    assert browser.read_token("/password") != token
    with Session(main_engine) as session:
        assert session.scalars(select(WebSession.user_id)).all() == ["service_manager"]


def test_token_is_stored_hashed_only(browser: Browser, main_engine: Engine) -> None:
    browser.sign_in("cr_advisor")
    token = browser.cookie("aftercare-session")
    assert token is not None
    with Session(main_engine) as session:
        stored = session.scalars(select(WebSession.token_hash)).one()
    assert token.encode() not in stored
    assert len(stored) == 32


def test_signed_in_person_is_led_on_from_the_form(browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    assert browser.get("/sign-in?next=/sessions").location == "/sessions"


@pytest.mark.parametrize(
    ("wish", "place"), [("/sessions", "/sessions"), ("https://evil.example/", "/"), ("//evil", "/")]
)
def test_w35_next_page_is_one_of_ours(browser: Browser, wish: str, place: str) -> None:
    assert browser.sign_in("cr_advisor", next=wish).location == place


def test_page_behind_sign_in_is_come_back_to(browser: Browser) -> None:
    answer = browser.get("/sessions?x=1")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/sessions?x%3D1")


def _without_what_was_typed(text: str) -> list[str]:
    return [
        line for line in text.splitlines() if "csrf" not in line and "user_id" not in line and "autofocus" not in line
    ]


def test_w24_few_checks_of_passwords_wait(browser: Browser) -> None:
    with ExitStack() as taken:
        for _ in range(proofs.AT_ONCE + proofs.MOST_WAITING):
            assert proofs._places.acquire(blocking=False)
            taken.callback(proofs._places.release)
        answer = browser.sign_in("cr_advisor")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert browser.sign_in("cr_advisor").status_code == 302


def test_w24_no_check_of_a_password_waits_for_long(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "LONGEST_WAIT_SECONDS", 0.05)
    may_end = threading.Event()
    for _ in range(proofs.AT_ONCE):
        proofs._checking.submit(may_end.wait)
    answer = browser.sign_in("cr_advisor")
    may_end.set()
    assert answer.status_code == 503
    monkeypatch.undo()
    assert browser.sign_in("cr_advisor").status_code == 302


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no priorities of threads")
def test_w24_checks_of_passwords_give_way_to_pages() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert proofs._checking.submit(priority).result() > priority()
