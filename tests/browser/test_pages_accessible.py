"""Every page of the daily work against the rules of WCAG 2.2 AA, light and dark, wide and narrow, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from app.models import ProcessInstance, User
from tests.browser.imported_product import ImportedProduct

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATHS = (
    "/inbox?view=claimable", "/inbox?view=overdue", "/user-tasks/{user_task}?view=claimable",
    "/user-tasks/{user_task}/history", "/user-tasks/{user_task}/diagram", "/cases", "/cases?q=nothing+like+this",
    "/cases/{case}", "/cases/{case}/history", "/cases/{case}/diagram", "/start", "/start/complaint",
    "/calls/preparation", "/inbox/views/new",
)


# Each scheme, width and language once.
@pytest.mark.parametrize(
    ("scheme", "viewport", "locale"),
    [("light", WIDE, "en"), ("dark", NARROW, "zh_CN")],
    ids=["light-wide-en", "dark-narrow-zh"],
)
def test_no_page_breaks_a_rule(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    product: ImportedProduct,
    scheme: str,
    viewport: dict[str, int],
    locale: str,
) -> None:
    with product.sessions() as session:
        case = session.scalars(select(ProcessInstance.id).order_by(ProcessInstance.id)).first()
    product.write(lambda session: session.execute(update(User).values(locale=locale)))
    page = product.sign_in(open_page(viewport=viewport, color_scheme=scheme), "advisor")
    user_task = product.take()
    for path in PATHS:
        page.goto(product.address + path.format(user_task=user_task, case=case))
        if "diagram" in path:
            expect(page.locator("bpmn-viewer")).to_have_attribute("data-state", "ready")
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if locale == "zh_CN" else "en")
        try:
            axe(page)
        except AssertionError as problems:
            raise AssertionError(f"{path}: {problems}") from None


def test_refused_answers_and_open_menus_break_no_rule(
    page: Page, axe: Callable[..., None], product: ImportedProduct
) -> None:
    product.write(lambda session: session.execute(update(User).values(locale="en")))
    product.sign_in(page, "advisor")
    page.goto(f"{product.address}/user-tasks/{product.take()}?view=claimable")
    page.click("[data-key=claim]")
    expect(page.locator(".detail-meta")).to_contain_text("Assigned to me")
    page.click("[data-submit]")
    expect(page.locator(".field-error")).to_be_visible()
    axe(page)
    page.click(".picker > summary")
    axe(page)
    page.keyboard.press("Escape")
    page.click(".top .menu > summary")
    axe(page)
    page.keyboard.press("Escape")
    page.click("[data-open=keyboard-help]")
    axe(page)
