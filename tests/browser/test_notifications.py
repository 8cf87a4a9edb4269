"""The bell rings without reloading, preferences are kept, administrators see the outbox: in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.database import writing
from app.models import User
from app.operations.actor import Actor
from app.operations.notifications import notify
from app.operations.user_task_claims import assign_user_task
from app.worker import run_due
from tests.browser.imported_product import NOW, ImportedProduct

PHONE = {"width": 390, "height": 844}
OpenPage = Callable[..., Page]


def _mention(product: ImportedProduct) -> None:
    params = {"note": "Which car was it?"}
    product.write(
        lambda session: notify(session, ["advisor"], "mentioned", params=params, actor=Actor("reception"), now=NOW)
    )


def _work(product: ImportedProduct) -> None:
    """Let the jobs of this moment run."""
    with writing():
        run_due(product.sessions, NOW)


def test_bell_rings_while_the_page_is_open_and_leads_to_the_task(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    user_task = product.take()
    page = product.sign_in(open_page(), "advisor")
    bell = page.locator("#bell")
    expect(bell).to_contain_text("Notifications")
    _mention(product)
    expect(bell).to_contain_text("1 unread", timeout=10_000)
    product.write(lambda session: assign_user_task(session, user_task, "advisor", actor=Actor("owner"), now=NOW))
    _work(product)
    expect(bell).to_contain_text("2 unread", timeout=10_000)
    bell.click()
    told = page.locator(".told-item.is-unread")
    expect(told).to_have_count(2)
    expect(told.last).to_contain_text("Which car was it?")
    axe(page, "main")
    told.first.locator(".told-title").click()
    expect(page).to_have_url(f"{product.address}/user-tasks/{user_task}")
    expect(bell).to_contain_text("1 unread")
    bell.click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(told).to_have_count(0)


def test_choices_are_kept_also_on_a_phone_in_the_dark(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    page = product.sign_in(open_page(viewport=PHONE, color_scheme="dark"), "advisor")
    page.goto(f"{product.address}/account/notifications")
    page.select_option("[name=mail-mentioned]", "daily")
    page.fill("[name=quiet_from]", "22:00")
    page.locator("[data-submit]").click()
    expect(page.locator("#form-errors")).to_contain_text("Give both times, or none.")
    expect(page.locator("[name=mail-mentioned]")).to_have_value("daily")
    page.fill("[name=quiet_until]", "07:00")
    page.locator("[data-submit]").click()
    expect(page.locator("[name=quiet_until]")).to_have_value("07:00")
    expect(page.locator("[name=mail-mentioned]")).to_have_value("daily")
    axe(page, "main")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_mail_without_a_server_is_read_in_the_outbox_and_everything_can_be_held_back(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    def give_address(session: Session) -> None:
        session.get_one(User, "colleague").email = "bai@shop.example"
        params = {"note": "<b>bold</b> words"}
        notify(session, ["colleague"], "mentioned", params=params, actor=Actor("reception"), now=NOW)

    product.write(give_address)
    _work(product)
    _work(product)
    page = product.sign_in(open_page(), "admin")
    page.goto(f"{product.address}/admin")
    page.get_by_role("link", name="Outbox").first.click()
    expect(page.locator("tbody tr").first).to_contain_text("bai@shop.example")
    expect(page.locator("tbody tr").first).to_contain_text("not sent")
    axe(page, "main")
    page.locator(".case-title").first.click()
    expect(page.locator(".message-text")).to_contain_text("<b>bold</b> words")
    axe(page, "main")
    page.goto(f"{product.address}/admin/outbox")
    page.get_by_text("Hold all messages back").click()
    page.fill("[name=reason]", "this is a copy for training")
    page.get_by_role("button", name="Hold back").click()
    expect(page.locator(".notice.is-warning")).to_contain_text("this is a copy for training")
    page.get_by_text("Let messages leave again").click()
    page.fill("[name=reason]", "it is the real one")
    page.get_by_role("button", name="Let them leave").click()
    expect(page.locator(".notice.is-warning")).to_have_count(0)


def test_webhook_of_a_host_that_is_not_listed_is_refused_with_everything_typed(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    page = product.sign_in(open_page(viewport=PHONE), "admin")
    page.goto(f"{product.address}/admin/webhooks/new")
    page.fill("[name=name]", "Telephone system")
    page.fill("[name=address]", "https://phone.example/in")
    page.get_by_label("A step could not be done").check()
    page.locator("[data-submit]").click()
    expect(page.locator("#address-error")).to_contain_text("AFTERCARE_OUTGOING_HOSTS")
    expect(page.locator("[name=name]")).to_have_value("Telephone system")
    expect(page.get_by_label("A step could not be done")).to_be_checked()
    axe(page, "main")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
