"""The inbox in a real browser: by keyboard, with drafts, lost races, live lists, without a script, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.operations.actor import Actor
from app.operations.user_tasks import claim_user_task
from tests.browser.imported_product import NOW, ImportedProduct

PHONE = {"width": 390, "height": 844}
FOCUS = "[name=call_focus]"
OpenPage = Callable[..., Page]


def open_user_task(page: Page, product: ImportedProduct, user_task_id: str) -> None:
    page.goto(f"{product.address}/user-tasks/{user_task_id}?view=claimable")
    expect(page.locator(".detail")).to_be_visible()


def test_a_call_is_prepared_and_made_by_keyboard_alone(page: Page, product: ImportedProduct) -> None:
    product.sign_in(page, "advisor")
    page.goto(f"{product.address}/inbox?view=claimable")
    rows = page.locator(".row")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator(".detail h1")).to_contain_text("Prepare call")
    expect(rows.nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("c")
    expect(page.locator(".detail-meta")).to_contain_text("Assigned to me")
    page.keyboard.press("1")
    expect(page.locator("[name=data_state][value=right]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".detail h1")).to_contain_text("Call customer")
    expect(page.locator(".detail-main .notice")).to_contain_text("next step of the same case")
    page.keyboard.press("1")
    expect(page.locator("[name=call_outcome][value=reached]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".detail h1")).to_contain_text("Record answers")


def test_help_lists_the_keys_and_can_switch_them_off(page: Page, product: ImportedProduct) -> None:
    product.sign_in(page, "advisor")
    page.keyboard.press("?")
    dialog = page.locator("#keyboard-help")
    expect(dialog).to_be_visible()
    dialog.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(r"/inbox"))
    page.click("[data-open=keyboard-help]")
    dialog.locator("[data-single-keys]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(r"/cases$"))
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


def test_what_is_typed_is_kept_on_the_server(open_page: OpenPage, product: ImportedProduct) -> None:
    user_task = product.take()
    page = product.sign_in(open_page(), "advisor")
    open_user_task(page, product, user_task)
    page.fill(FOCUS, "上次的异响")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft saved")
    elsewhere = product.sign_in(open_page(), "advisor")
    open_user_task(elsewhere, product, user_task)
    expect(elsewhere.locator(FOCUS)).to_have_value("上次的异响")
    colleague = product.sign_in(open_page(), "colleague")
    open_user_task(colleague, product, user_task)
    expect(colleague.locator(FOCUS)).to_have_value("")


def test_the_end_of_the_session_takes_nothing_that_was_typed(open_page: OpenPage, product: ImportedProduct) -> None:
    page = product.sign_in(open_page(), "advisor")
    open_user_task(page, product, product.take())
    page.context.clear_cookies(name="aftercare-session")
    page.fill(FOCUS, "会话结束以后写的")
    state = page.locator("[data-draft-state]")
    expect(state).to_contain_text("Sign in again in another tab")
    page.check("[name=data_state][value=right]")
    page.click("[data-submit]")
    expect(page.locator("#refusal")).to_contain_text("not signed in any more")
    expect(page.locator(FOCUS)).to_have_value("会话结束以后写的")
    product.sign_in(page.context.new_page(), "advisor")
    expect(state).to_contain_text("Draft saved")
    page.click("[data-submit]")
    expect(page.locator(".detail h1")).to_contain_text("Call customer")


def test_claiming_keeps_what_was_typed_a_moment_before(page: Page, product: ImportedProduct) -> None:
    product.sign_in(page, "advisor")
    open_user_task(page, product, product.take())
    page.fill(FOCUS, "typed just now")
    page.click("[data-key=claim]")
    expect(page.locator(".detail-meta")).to_contain_text("Assigned to me")
    expect(page.locator(FOCUS)).to_have_value("typed just now")


def test_a_wrong_answer_is_told_in_place_and_nothing_is_lost(page: Page, product: ImportedProduct) -> None:
    product.sign_in(page, "advisor")
    open_user_task(page, product, product.take())
    page.fill(FOCUS, "still here")
    page.click("[data-submit]")
    expect(page.locator("#form-errors")).to_be_focused()
    expect(page.locator(".field-error")).to_have_count(1)
    expect(page.locator(FOCUS)).to_have_value("still here")


def test_who_was_slower_sees_both_versions_and_keeps_the_own_one(open_page: OpenPage, product: ImportedProduct) -> None:
    user_task = product.take()
    slow, quick = product.sign_in(open_page(), "colleague"), product.sign_in(open_page(), "advisor")
    for page in (slow, quick):
        open_user_task(page, product, user_task)
        page.locator("[name=data_state][value=right]").check(force=True)
    quick.fill(FOCUS, "quick answer")
    slow.fill(FOCUS, "slow answer")
    slow.locator(FOCUS).focus()
    quick.locator(FOCUS).press("Control+Enter")
    expect(quick.locator(".detail h1")).to_contain_text("Call customer")
    # The list and the counts follow by themselves; the form, its text and the focus stay.
    expect(slow.locator("#stale-notice")).to_contain_text("林小禾")
    expect(slow.locator(FOCUS)).to_have_value("slow answer")
    expect(slow.locator(FOCUS)).to_be_focused()
    slow.locator(FOCUS).press("Control+Enter")
    expect(slow.locator("#form-errors")).to_contain_text("林小禾 has already completed")
    row = slow.locator(".compare-differs", has_text="slow answer")
    expect(row).to_contain_text("quick answer")
    expect(slow.locator(FOCUS)).to_have_value("slow answer")


def test_the_list_follows_what_others_do(page: Page, product: ImportedProduct) -> None:
    user_task = product.take()
    product.sign_in(page, "advisor")
    page.goto(f"{product.address}/inbox?view=claimable")
    expect(page.locator(f"#row-{user_task}")).to_be_visible()
    focused = page.locator(".row").first
    if focused.get_attribute("id") == f"row-{user_task}":
        focused = page.locator(".row").nth(1)
    focused.focus()
    page.wait_for_timeout(1500)  # the stream is open and has taken its first look
    product.write(lambda session: claim_user_task(session, user_task, actor=Actor("colleague"), now=NOW))
    expect(page.locator(f"#row-{user_task}")).to_have_count(0)
    expect(focused).to_be_focused()


def test_without_a_script_everything_is_links_and_forms(open_page: OpenPage, product: ImportedProduct) -> None:
    user_task = product.take()
    page = product.sign_in(open_page(java_script_enabled=False), "advisor")
    page.goto(f"{product.address}/inbox?view=claimable")
    page.click(f"#row-{user_task}")
    page.click("[data-key=claim]")
    page.fill(FOCUS, "no script")
    page.click("[data-save-draft]")
    assert page.locator(FOCUS).input_value() == "no script"
    page.locator("[name=data_state][value=right]").check(force=True)
    page.click("[data-submit]")
    assert "Call customer" in page.locator(".detail h1").inner_text()
    page.click("[data-tab=history]")
    assert "no script" in page.locator(".timeline").first.inner_text()


def test_on_a_phone_one_pane_at_a_time(open_page: OpenPage, product: ImportedProduct) -> None:
    page = product.sign_in(open_page(viewport=PHONE, has_touch=True), "advisor")
    page.goto(f"{product.address}/inbox?view=claimable")
    row = page.locator(".row").nth(2)
    row.click()
    expect(page.locator(".list-pane")).to_be_hidden()
    submit = page.locator("[data-submit]")
    expect(submit).to_be_in_viewport()
    assert (submit.bounding_box() or {})["height"] >= 44
    expect(page.locator(".phone-number")).to_have_attribute("href", re.compile(r"^tel:100"))
    page.click("[data-back]")
    expect(row).to_be_focused()
    expect(page).to_have_url(re.compile(r"/inbox\?view=claimable"))
    for path in ("/inbox?view=claimable", "/cases", "/start", "/start/complaint"):
        page.goto(product.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path


def test_the_navigation_is_a_drawer_on_a_phone(open_page: OpenPage, product: ImportedProduct) -> None:
    page = product.sign_in(open_page(viewport=PHONE), "advisor")
    expect(page.locator("#navigation")).to_be_hidden()
    page.click(".top-menu")
    page.click("#navigation [data-go=cases]")
    expect(page).to_have_url(re.compile(r"/cases$"))


def test_the_diagram_needs_no_script(open_page: OpenPage, product: ImportedProduct, tmp_path: Path) -> None:
    page = product.sign_in(open_page(java_script_enabled=False, viewport=PHONE), "advisor")
    page.goto(f"{product.address}/user-tasks/{product.take()}/diagram")
    expect(page.get_by_role("img", name=re.compile("^Diagram of Customer follow-up"))).to_be_visible()
    expect(page.locator(".dg .is-active")).to_have_count(1)
    page.screenshot(path=tmp_path / "diagram.png")


@pytest.mark.parametrize("tab", ["form", "history", "diagram"])
def test_back_and_forward_go_through_the_tabs(page: Page, product: ImportedProduct, tab: str) -> None:
    product.sign_in(page, "advisor")
    open_user_task(page, product, product.take())
    page.click("[data-tab=history]")
    expect(page.locator(".timeline")).to_be_visible()
    page.click(f"[data-tab={tab}]")
    expect(page.locator(f"[data-tab={tab}]")).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.locator(".detail h1")).to_have_count(1)


def test_the_diagram_speaks_the_language_of_the_reader(page: Page, product: ImportedProduct) -> None:
    product.sign_in(page, "advisor")
    open_user_task(page, product, product.take())
    page.click("[data-tab=diagram]")
    expect(page.locator("bpmn-viewer")).to_have_attribute("data-state", "ready")
    expect(page.locator("bpmn-viewer .djs-container")).to_contain_text("Prepare call")
    expect(page.locator(".run-active")).to_have_count(1)
