"""What people do for one another, in a real browser: a task lent for an answer."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.operations.actor import Actor
from app.operations.user_tasks import claim_user_task
from tests.browser.imported_product import NOW, ImportedProduct

OpenPage = Callable[..., Page]


def test_a_task_is_lent_for_an_answer_and_comes_back(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    user_task = product.take()
    product.write(lambda session: claim_user_task(session, user_task, actor=Actor("advisor"), now=NOW))
    owner, asked = product.sign_in(open_page(), "advisor"), product.sign_in(open_page(), "reception")
    owner.goto(f"{product.address}/user-tasks/{user_task}")
    owner.fill("[name=call_focus]", "begun before asking")
    expect(owner.locator("[data-draft-state]")).to_contain_text("Draft saved")
    owner.locator(".detail-actions").get_by_text("Delegate").first.click()
    owner.select_option("[name=delegate]", label="冬青")
    owner.fill("[name=question]", "Which noise did the customer mean?")
    axe(owner, ".detail-head")
    owner.locator(".picker-panel").get_by_role("button", name="Delegate").click()
    expect(owner.locator(".delegation")).to_contain_text("林小禾 asked 冬青 for an answer.")
    asked.goto(f"{product.address}/inbox")
    asked.locator(f"#row-{user_task}").click()
    expect(asked.locator(".delegation")).to_contain_text("Which noise did the customer mean?")
    expect(asked.locator("[name=call_focus]")).to_be_disabled()
    axe(asked, ".detail")
    asked.fill("[name=remark]", "The one of the left mirror.")
    asked.get_by_role("button", name="Give back with this answer").click()
    expect(asked.locator(".delegation")).to_contain_text("冬青 answered:")
    owner.goto(f"{product.address}/user-tasks/{user_task}")
    expect(owner.locator(".delegation")).to_contain_text("The one of the left mirror.")
    expect(owner.locator("[name=call_focus]")).to_have_value("begun before asking")
    owner.locator("[name=data_state][value=right]").check(force=True)
    owner.click("[data-submit]")
    expect(owner.locator(".detail h1")).to_contain_text("Call customer")
