"""W25: the first start of a fresh product, walked by its operator in a real browser, both languages, desk and phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import create_app
from app.clock import real_clock
from app.config import Config
from app.database import create_engine_for, session_factory, upgrade_keys_database, writing
from app.operations.first_run import issue_first_run_token
from tests.browser.serving import serving
from tests.endings import let_go_of_databases

PASSWORD = "nine quiet harbours wait"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
WORDS = {
    "zh-CN": ("创建并登录", "以后", "继续", "部署流程", "客户回访", "完成设置", "我的待办"),
    "en-GB": ("Make both", "Later", "Go on", "Deploy the processes", "Customer follow-up", "Finish", "My tasks"),
}


@pytest.fixture
def fresh(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A product that nobody has started before: its address and the token that was printed."""
    keys_url, url = f"sqlite:///{tmp_path / 'keys.db'}", sqlite_url
    upgrade_keys_database(keys_url)
    config = Config(
        data_dir=tmp_path, database_url=url, keys_database_url=keys_url, is_production=False,
        secret_key="a key only the tests know, long enough",
    )  # fmt: skip
    main, keys = create_engine_for(url), create_engine_for(keys_url, is_key_store=True)
    with writing(), session_factory(main, keys).begin() as session:
        token = issue_first_run_token(session, now=real_clock())
    assert token
    app = create_app(config)
    with serving(app) as address:
        yield address, token
    let_go_of_databases(app)
    main.dispose()
    keys.dispose()


@pytest.mark.parametrize(("locale", "size", "look"), [("zh-CN", "phone", "dark"), ("en-GB", "desk", "light")])
def test_w25_an_operator_sets_a_fresh_product_up(
    open_page: Callable[..., Page], fresh: tuple[str, str], axe: Callable[..., None], locale: str, size: str, look: str
) -> None:
    address, token = fresh
    make, later, onward, deploy, deployed, finish, inbox = WORDS[locale]
    page = open_page(locale=locale, viewport=SIZES[size], color_scheme=look)

    def look_at() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == SIZES[size]["width"], page.url

    page.goto(address)
    expect(page).to_have_url(f"{address}/set-up")
    look_at()
    typed = {"token": "not-this-one", "display_name": "李明", "user_id": "li.ming", "site_name": "总店"}
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    for attempt in ("not-this-one", token):
        page.fill("[name=token]", attempt)
        for name in ("new_password", "new_password_again"):
            page.fill(f"[name={name}]", PASSWORD)
        page.get_by_role("button", name=make).click()
        if attempt != token:
            expect(page.locator(".notice.is-bad")).to_be_visible()
            expect(page.locator("[name=display_name]")).to_have_value("李明")
            look_at()
    expect(page).to_have_url(re.compile("second-factor"))
    look_at()
    page.get_by_role("link", name=later).click()
    expect(page.locator("table")).to_contain_text("08:30–12:00")
    look_at()
    page.goto(f"{address}/admin")  # stops here, and comes back
    page.locator(".notice a").click()
    page.get_by_role("link", name=later).click()
    page.get_by_role("link", name=onward).click()
    look_at()
    page.get_by_role("link", name=onward).last.click()
    page.get_by_role("button", name=deploy).click()
    expect(page.locator(".bare-card .notice.is-good")).to_contain_text(deployed)
    look_at()
    page.get_by_role("button", name=finish).click()
    expect(page).to_have_title(re.compile(inbox))
