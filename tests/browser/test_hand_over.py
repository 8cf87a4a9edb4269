"""An employee leaves, in a real browser: what is open is looked at first, then handed over in one step."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.database import writing
from app.operations.actor import Actor
from app.operations.user_task_claims import claim_user_task
from app.worker import run_due
from tests.browser.imported_product import NOW, ImportedProduct

PHONE = {"width": 390, "height": 844}
OpenPage = Callable[..., Page]


def test_who_leaves_hands_everything_over_in_one_step(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    user_tasks = [product.take(), product.take()]
    for user_task in user_tasks:
        product.write(lambda session, it=user_task: claim_user_task(session, it, actor=Actor("advisor"), now=NOW))
    advisor, admin = product.sign_in(open_page(), "advisor"), product.sign_in(open_page(), "admin")
    advisor.goto(f"{product.address}/user-tasks/{user_tasks[0]}")
    advisor.fill("[name=call_focus]", "half a sentence")
    with advisor.expect_response(lambda answer: answer.url.endswith("/draft")):
        advisor.press("[name=call_focus]", "Tab")

    admin.goto(f"{product.address}/admin/users?q=林小禾")
    admin.get_by_role("link", name="林小禾").click()
    admin.get_by_role("link", name="Leaves the company").click()
    expect(admin.locator(".numbers")).to_contain_text("Tasks in the person's hands2")
    expect(admin.locator(".numbers")).to_contain_text("Drafts typed and not submitted1")
    axe(admin)
    admin.select_option("[name=successor]", label="白星河")
    admin.fill("[name=reason]", "moves to another town")
    admin.click("[data-submit]")
    expect(admin.locator("h1")).to_contain_text("Work of 林小禾 handed over")
    expect(admin.get_by_text("still to do 2")).to_be_visible()
    with writing():
        run_due(product.sessions, NOW)
    admin.get_by_role("link", name="Look again").click()
    expect(admin.get_by_text("done 2")).to_be_visible()
    expect(admin.locator("tbody tr")).to_have_count(2)
    expect(admin.locator("tbody tr").first).to_contain_text("白星河")
    axe(admin)

    advisor.goto(f"{product.address}/inbox")
    expect(advisor.locator("[name=password]")).to_be_visible()
    colleague = product.sign_in(open_page(viewport=PHONE), "colleague")
    colleague.goto(f"{product.address}/user-tasks/{user_tasks[0]}")
    expect(colleague.locator("[name=call_focus]")).to_have_value("half a sentence")
    colleague.goto(f"{product.address}/user-tasks/{user_tasks[0]}/history")
    expect(colleague.locator("body")).to_contain_text("林小禾 → 白星河")
    expect(colleague.locator("body")).to_contain_text("moves to another town")
