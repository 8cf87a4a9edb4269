"""Language and theme: before sign-in by browser or choice, afterwards the person's own."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import writing
from app.models import User
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY

CHINESE, ENGLISH, FRENCH = ({"Accept-Language": language} for language in ("zh-CN,zh;q=0.9,en;q=0.5", "en-GB", "fr"))


@pytest.mark.parametrize(("headers", "tag"), [(CHINESE, "zh-CN"), (ENGLISH, "en"), (FRENCH, "en"), ({}, "en")])
def test_browser_decides_before_sign_in(browser: Browser, headers: dict[str, str], tag: str) -> None:
    assert f'<html lang="{tag}"' in browser.get("/sign-in", headers=headers).text


def test_choice_before_sign_in_wins_over_the_browser(browser: Browser) -> None:
    assert browser.post("/preferences", {"locale": "zh_CN", "next": "/sign-in"}).location == "/sign-in"
    assert 'lang="zh-CN"' in browser.get("/sign-in", headers=ENGLISH).text


def test_person_decides_after_sign_in(browser: Browser, main_engine: Engine) -> None:
    browser.sign_in("cr_advisor")
    assert 'lang="en"' in browser.get("/password", headers=CHINESE).text
    assert browser.post("/preferences", {"locale": "zh_CN", "next": "/password"}).location == "/password"
    assert 'lang="zh-CN"' in browser.get("/password", headers=ENGLISH).text
    with Session(main_engine) as session:
        assert session.get_one(User, "cr_advisor").locale == "zh_CN"


def test_browser_decides_until_the_person_has_chosen(browser: Browser, main_engine: Engine) -> None:
    with writing(1), Session(main_engine) as session:
        session.get_one(User, "cr_advisor").locale = ""
        session.commit()
    browser.sign_in("cr_advisor")
    assert 'lang="zh-CN"' in browser.get("/password", headers=CHINESE).text
    assert 'lang="en"' in browser.get("/password", headers=ENGLISH).text
    browser.post("/preferences", {"theme": "dark"})
    assert 'lang="zh-CN"' in browser.get("/password", headers=CHINESE).text
    browser.post("/preferences", {"locale": "zh_CN"})
    assert 'lang="zh-CN"' in browser.get("/password", headers=ENGLISH).text


def test_choice_before_sign_in_holds_afterwards(browser: Browser, main_engine: Engine) -> None:
    with writing(1), Session(main_engine) as session:
        session.get_one(User, "cr_advisor").locale = ""
        session.commit()
    browser.post("/preferences", {"locale": "zh_CN", "next": "/sign-in"})
    browser.sign_in("cr_advisor")
    assert 'lang="zh-CN"' in browser.get("/password", headers=ENGLISH).text


@pytest.mark.parametrize(("theme", "shown"), [("dark", True), ("light", True), ("auto", False)])
def test_theme_is_kept_with_the_person(browser: Browser, theme: str, shown: bool) -> None:
    browser.sign_in("cr_advisor")
    browser.post("/preferences", {"theme": theme})
    assert (f'data-theme="{theme}"' in browser.get("/password").text) is shown


@pytest.mark.parametrize("data", [{"locale": "de"}, {"theme": "pink"}, {"locale": "../../etc"}, {"locale": ""}])
def test_other_values_are_refused(browser: Browser, data: dict[str, str]) -> None:
    browser.sign_in("cr_advisor")
    assert browser.post("/preferences", data).status_code == 422


def test_w35_leads_back_to_own_pages_only(browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    assert browser.post("/preferences", {"theme": "dark", "next": "//evil.example"}).location == "/"


def test_scripts_get_a_short_answer(browser: Browser) -> None:
    browser.sign_in("cr_advisor")
    assert browser.post("/preferences", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204


def test_errors_are_in_the_readers_language(browser: Browser) -> None:
    answer = browser.get("/no-such-page", headers=CHINESE)
    assert "找不到" in answer.text
    data = browser.get("/no-such-page", headers={**CHINESE, "Accept": "application/json"}).get_json()
    assert data["message"] == "这个地址没有内容，或者您无权查看。"
