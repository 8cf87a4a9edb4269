"""Search, jobs and times in a real browser, light and dark, wide and narrow: found, done once more, and readable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import ActivityInstance, Job, Membership, ProcessInstance, User
from app.operations.history_sealing import seal_history
from app.operations.search_index import follow_history
from tests.browser.imported_product import NOW, ImportedProduct

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def case(product: ImportedProduct) -> ProcessInstance:
    """A finished case of which a job was given up, and the reception looking after the site."""

    def fill(session: Session) -> None:
        case = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).first()
        for group in ("admin", "process_owner"):
            session.merge(Membership(user_id="reception", group_id=group, site_id=case.site_id))
        session.execute(update(User).values(locale="en"))
        session.merge(
            Job(
                id="given-up", kind="message", state="dead", site_id=case.site_id, run_at=NOW, created_at=NOW,
                attempts=5, last_error="ConnectError: refused",
            )
        )
        session.execute(
            update(ProcessInstance).where(ProcessInstance.id == case.id).values(state="completed", ended_at=NOW)
        )
        session.execute(
            update(ActivityInstance)
            .where(ActivityInstance.instance_id == case.id, ActivityInstance.element_type == "userTask")
            .values(state="done", started_at=NOW, ended_at=NOW + timedelta(hours=3))
        )
        while seal_history(session, NOW):
            pass
        while follow_history(session, NOW):
            pass

    product.write(fill)
    with product.sessions() as session:
        return session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).first()


@pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)], ids=["light-wide", "dark-narrow"])
def test_found_done_once_more_and_readable(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    product: ImportedProduct,
    case: ProcessInstance,
    scheme: str,
    viewport: dict[str, int],
) -> None:
    page = product.sign_in(open_page(viewport=viewport, color_scheme=scheme), "reception")
    page.goto(f"{product.address}/cases?q={case.case_number[-6:]}")
    expect(page.locator("#case-rows")).to_contain_text(case.case_number)
    axe(page)
    page.goto(f"{product.address}/definitions/{case.definition_id}/times")
    expect(page.locator(".heat-drawing .is-heat-5").first).to_be_visible()
    axe(page)
    page.goto(f"{product.address}/admin/jobs?state=dead")
    axe(page)
    page.get_by_role("link", name="Message between cases").click()
    expect(page.locator("main")).to_contain_text("ConnectError: refused")
    axe(page)
    page.get_by_role("button", name="Do it now").click()
    expect(page.locator("main")).to_contain_text("Waiting")
