"""What process owners do with cases, in a real browser: suspend, move, change a variable, cancel; and incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from app.engine.outcome import RaisedIncident
from app.models import UserTask, WebSession
from app.operations.actor import SYSTEM, Actor
from app.operations.cases import lock_case
from app.operations.failures import raise_incident
from app.operations.user_tasks import claim_user_task
from tests.browser.house import PASSWORD
from tests.browser.imported_product import NOW, ImportedProduct

PHONE = {"width": 390, "height": 844}
OpenPage = Callable[..., Page]


def case_of(product: ImportedProduct, user_task_id: str) -> str:
    with product.sessions() as session:
        return session.scalars(select(UserTask.instance_id).where(UserTask.id == user_task_id)).one()


def change(page: Page, product: ImportedProduct, case_id: str, name: str) -> None:
    """From the case's page to one of its changes."""
    page.goto(f"{product.address}/cases/{case_id}")
    page.get_by_text("Change this case").click()
    page.get_by_role("link", name=name, exact=True).click()


def submit(page: Page, reason: str) -> None:
    page.fill("[name=reason]", reason)
    page.click("[data-submit]")


def test_a_suspended_case_keeps_what_is_typed_and_goes_on_after_resuming(
    open_page: OpenPage, product: ImportedProduct
) -> None:
    user_task = product.take()
    product.write(lambda session: claim_user_task(session, user_task, actor=Actor("advisor"), now=NOW))
    owner, advisor = product.sign_in(open_page(), "owner"), product.sign_in(open_page(), "advisor")
    change(owner, product, case_of(product, user_task), "Suspend")
    submit(owner, "the customer is away")
    expect(owner.locator(".detail-meta")).to_contain_text("suspended")
    advisor.goto(f"{product.address}/user-tasks/{user_task}")
    expect(advisor.locator(".detail-main .notice")).to_contain_text("suspended at present")
    advisor.locator("[name=data_state][value=right]").check(force=True)
    advisor.fill("[name=call_focus]", "typed while suspended")
    advisor.click("[data-submit]")
    expect(advisor.locator("#form-errors")).to_contain_text("kept as a draft")
    expect(advisor.locator("[name=call_focus]")).to_have_value("typed while suspended")
    change(owner, product, case_of(product, user_task), "Resume")
    submit(owner, "the customer is back")
    advisor.goto(f"{product.address}/user-tasks/{user_task}")
    expect(advisor.locator("[name=call_focus]")).to_have_value("typed while suspended")
    advisor.click("[data-submit]")
    expect(advisor.locator(".detail h1")).to_contain_text("Call customer")


def test_w09_a_case_is_moved_after_a_proof_and_nothing_typed_is_lost(page: Page, product: ImportedProduct) -> None:
    case_id = case_of(product, product.take())
    product.sign_in(page, "owner")
    change(page, product, case_id, "Move to another step")
    page.get_by_label("Prepare call").check()
    page.select_option("[name=start]", label="Before: Call customer (user task)")
    long_ago = update(WebSession).values(authenticated_at=datetime.now(UTC) - timedelta(minutes=11))
    product.write(lambda session: session.execute(long_ago))
    submit(page, "prepared on paper")
    for password, expected in (("wrong", "password is wrong"), (PASSWORD, "was moved")):
        page.get_by_label("Your password").fill(password)
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("body")).to_contain_text(expected)
    expect(page.locator(".flashes")).to_contain_text("was moved")
    expect(page.locator(".linked").first).to_contain_text("Call customer")
    page.click("[data-tab=history]")
    expect(page.locator(".timeline li").first).to_contain_text("Moved by hand")
    expect(page.locator(".timeline li").first).to_contain_text("prepared on paper")


def test_a_variable_is_changed_and_the_case_cancelled(page: Page, product: ImportedProduct) -> None:
    case_id = case_of(product, product.take())
    product.sign_in(page, "owner")
    page.goto(f"{product.address}/cases/{case_id}")
    page.get_by_label("Change level").click()
    expect(page.locator("[name=value]")).to_have_value("1")
    page.fill("[name=value]", "1 +")
    submit(page, "a wrong entry")
    expect(page.locator("#form-errors")).to_contain_text("not a value in FEEL")
    expect(page.locator("[name=value]")).to_have_value("1 +")
    page.fill("[name=value]", "2")
    submit(page, "a wrong entry")
    expect(page.locator("tr", has_text="level").first).to_contain_text("2")
    change(page, product, case_id, "Change a variable")
    page.get_by_role("link", name="level", exact=True).click()
    expect(page.get_by_label("FEEL", exact=True)).to_be_checked()
    page.get_by_label("Text, as it stands").check()
    page.fill("[name=value]", "3")
    submit(page, "words are easier")
    expect(page.locator("#form-errors")).to_contain_text("would become one of the type text")
    page.get_by_label("The other type is meant").check()
    submit(page, "words are easier")
    expect(page.locator(".flashes")).to_contain_text("was changed")
    change(page, product, case_id, "Cancel the case")
    submit(page, "a mistake")
    expect(page.locator(".detail-meta")).to_contain_text("cancelled")
    expect(page.get_by_text("Change this case")).to_have_count(0)


def test_an_incident_is_tried_again(page: Page, product: ImportedProduct) -> None:
    user_task = product.take()
    incident = RaisedIncident(user_task, "Activity_Prepare", "expression", "Something is wrong.")
    product.write(
        lambda session: raise_incident(
            session, lock_case(session, case_of(product, user_task)), incident, job_id=None, actor=SYSTEM, now=NOW
        )
    )
    product.sign_in(page, "owner")
    page.goto(f"{product.address}/incidents")
    expect(page.locator(".content .notice.is-bad")).to_contain_text("Prepare call")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".empty")).to_contain_text("No incident is open")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None], look: str
) -> None:
    page = product.sign_in(open_page(viewport=PHONE, color_scheme=look), "owner")
    case_id = case_of(product, product.take())
    page.goto(f"{product.address}/definitions")
    suspend = page.locator("main a[href*=suspension]").first.get_attribute("href") or ""
    changes = ("move", "variable", "version", "suspension", "cancel")
    paths = ["/incidents", "/definitions", suspend, *(f"/cases/{case_id}/change/{name}" for name in changes)]
    for path in paths:
        page.goto(product.address + path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
