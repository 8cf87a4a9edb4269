"""Signing in as people do, in a real browser: with an authenticator (W26, W27) and with another provider (W28)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import create_app
from app.config import Config, OidcSettings
from app.database import create_engine_for, session_factory, upgrade_keys_database, writing
from app.operations.actor import SYSTEM
from app.operations.sites import create_site
from app.operations.users import NewUser, create_user
from tests.browser.serving import serving
from tests.endings import let_go_of_databases
from tests.integration.identity_provider import Provider, started_provider

PASSWORD = "nine quiet harbours wait"
PERSON, SUBJECT = "kim", "kim@idp"
SIZES = [("zh-CN", {"width": 390, "height": 844}, "dark"), ("en-GB", {"width": 1440, "height": 900}, "light")]


class Clock:
    """The real time, until a test steps it ahead."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with started_provider({"sub": SUBJECT, "email": "kim@shop.example"}) as started:
        yield started


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The product under the address that the provider is to send people back to."""
    with serving(app) as address:
        app.extensions["provider"]._redirect_uri = f"{address}/sign-in/provider/back"
        yield address
    let_go_of_databases(app)


@pytest.fixture
def product(sqlite_url: str, tmp_path: Path, provider: Provider) -> Iterator[tuple[str, Clock]]:
    """A product with one person: its address and its clock of sessions."""
    keys_url = f"sqlite:///{tmp_path / 'keys.db'}"
    upgrade_keys_database(keys_url)
    oidc = OidcSettings(provider.address, "aftercare", "the client's secret", "Example ID")
    config = Config(
        data_dir=tmp_path, database_url=sqlite_url, keys_database_url=keys_url, is_production=False, oidc=oidc,
        secret_key="a key only the tests know, long enough",
    )  # fmt: skip
    main, keys = create_engine_for(sqlite_url), create_engine_for(keys_url, is_key_store=True)
    with writing(), session_factory(main, keys).begin() as session:
        now = datetime.now(UTC)
        create_site(session, "hq", "Main", zone="Asia/Shanghai", is_outlet=False, actor=SYSTEM, now=now)
        new = NewUser(PERSON, "Kim", (("admin", "hq"),), must_change_password=False)
        create_user(session, new, PASSWORD, actor=SYSTEM, now=now)
    app, clock = create_app(config), Clock()
    app.extensions["session_clock"] = clock
    main.dispose()
    keys.dispose()
    with served(app) as address:
        yield address, clock


def go_to_provider(page: Page, link: str, provider: Provider, address: str) -> None:
    """Follow a link of the page to the provider, be let in there, and come back.

    The provider's own pages, which ask other hosts for their looks, are not shown.
    """
    way = page.locator(link).get_attribute("href") or ""
    answer = page.context.request.get(address + way, max_redirects=0)
    there = replace(provider, product=address)
    page.goto(address + there.let_in(answer.headers["location"], SUBJECT))


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=user_id]", PERSON)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


@pytest.mark.parametrize(("locale", "size", "look"), SIZES)
def test_w26_w27_an_authenticator_is_set_up_and_asked_for(
    open_page: Callable[..., Page], product: tuple[str, Clock], axe: Callable[..., None], locale: str,
    size: dict[str, int], look: str,
) -> None:  # fmt: skip
    address, clock = product
    page = open_page(locale=locale, viewport=size, color_scheme=look)
    sign_in(page, address)
    page.goto(f"{address}/account/second-factor")
    page.locator(".bare-card form button").click()
    expect(page.locator(".qr svg")).to_be_visible()
    axe(page)
    phone = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    page.fill("[name=code]", phone.at(clock()))
    page.press("[name=code]", "Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    axe(page)
    again = open_page(locale=locale, viewport=size, color_scheme=look)
    sign_in(again, address)
    expect(again).to_have_url(re.compile("second-factor"))
    axe(again)
    again.fill("[name=code]", "000000")
    again.press("[name=code]", "Enter")
    expect(again.locator(".notice.is-bad")).to_be_visible()
    clock.ahead += timedelta(seconds=30)
    again.fill("[name=code]", phone.at(clock()))
    again.press("[name=code]", "Enter")
    expect(again).to_have_url(re.compile("/inbox"))
    assert again.evaluate("document.documentElement.scrollWidth") == size["width"]


@pytest.mark.parametrize(("locale", "size", "look"), SIZES)
def test_w28_a_person_links_an_account_and_signs_in_with_it(
    open_page: Callable[..., Page], product: tuple[str, Clock], provider: Provider, axe: Callable[..., None],
    locale: str, size: dict[str, int], look: str,
) -> None:  # fmt: skip
    address, _clock = product
    page = open_page(locale=locale, viewport=size, color_scheme=look)
    sign_in(page, address)
    expect(page).to_have_url(re.compile("/inbox"))
    page.goto(f"{address}/account/provider")
    axe(page)
    go_to_provider(page, "main .button.is-primary", provider, address)
    expect(page).to_have_url(f"{address}/account/provider")
    expect(page.locator("table")).to_contain_text(SUBJECT)
    axe(page)
    other = open_page(locale=locale, viewport=size, color_scheme=look)
    other.goto(f"{address}/sign-in")
    axe(other)
    go_to_provider(other, "a[href*='/sign-in/provider']", provider, address)
    expect(other).to_have_url(re.compile("/inbox"))


def test_the_pages_of_the_own_sign_in_fit_a_phone(
    open_page: Callable[..., Page], product: tuple[str, Clock], axe: Callable[..., None]
) -> None:
    address, clock = product
    page = open_page(viewport=SIZES[0][1], color_scheme="dark")
    sign_in(page, address)
    paths = ("/sessions", "/account/tokens", "/password/forgotten", "/sign-in/again", f"/admin/users/{PERSON}/sign-in")
    for path in paths:
        page.goto(address + path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == SIZES[0][1]["width"], path
    page.goto(f"{address}/account/tokens")
    page.fill("[name=name]", "the wallboard")
    clock.ahead += timedelta(minutes=11)
    page.click("[data-submit]")
    axe(page)
    page.fill("[name=again_password]", PASSWORD)
    page.press("[name=again_password]", "Enter")
    expect(page.locator("output")).to_contain_text("aft_")
    axe(page)
