"""What people do for one another, in a real browser: a task lent, work done for who is away, four eyes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Site, UserTask
from app.operations.actor import SYSTEM, Actor
from app.operations.deployments import deploy
from app.operations.process_instances import start_process
from app.operations.user_tasks import claim_user_task, complete_user_task
from tests.browser.imported_product import NOW, ImportedProduct
from tests.integration.operations.dealership import resources

PHONE = {"width": 390, "height": 844}
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


def test_a_substitute_is_named_works_and_is_done(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    user_task = product.take()
    product.write(lambda session: claim_user_task(session, user_task, actor=Actor("colleague"), now=NOW))
    principal = product.sign_in(open_page(), "colleague")
    substitute = product.sign_in(open_page(viewport=PHONE), "reception")
    principal.locator(".top .menu summary").click()
    principal.get_by_role("link", name="Substitutes").click()
    principal.select_option("[name=substitute]", label="冬青")
    axe(principal, "main")
    principal.click("[data-submit]")
    expect(principal.locator(".flashes")).to_contain_text("Your substitute is named")
    expect(principal.locator("table")).to_contain_text("in force")
    substitute.goto(f"{product.address}/inbox?view=for_others")
    expect(substitute.locator(".top-stand-ins")).to_be_visible()
    assert substitute.evaluate("document.documentElement.scrollWidth <= innerWidth")
    substitute.locator(f"#row-{user_task}").click()
    expect(substitute.locator(".detail-main")).to_contain_text("You stand in for 白星河")
    substitute.locator("label:has([value=right])").click()
    substitute.click("[data-submit]")
    expect(substitute.locator(".detail-main")).to_contain_text("Submitted.")
    principal.goto(f"{product.address}/user-tasks/{user_task}/history")
    expect(principal.locator(".timeline").first).to_contain_text("冬青 on behalf of 白星河")
    principal.goto(f"{product.address}/account/substitutes")
    axe(principal, "main")
    principal.get_by_role("button", name="End now").click()
    expect(principal.locator("table")).to_contain_text("ended by")
    substitute.goto(f"{product.address}/inbox")
    expect(substitute.locator(".top-stand-ins")).to_have_count(0)


def test_four_eyes_say_why_before_and_when_somebody_tries(
    open_page: OpenPage, product: ImportedProduct, axe: Callable[..., None]
) -> None:
    approve = checked_by_others(product, "advisor")
    advisor, other = product.sign_in(open_page(), "advisor"), product.sign_in(open_page(), "colleague")
    advisor.goto(f"{product.address}/inbox?view=claimable")
    expect(advisor.locator(f"#row-{approve}")).to_contain_text("Four eyes: not you")
    advisor.locator(f"#row-{approve}").click()
    expect(advisor.locator(".detail-main .notice")).to_contain_text("you took part in “Do it”")
    expect(advisor.locator("[data-submit], [data-key=claim]")).to_have_count(0)
    axe(advisor, ".panes")
    owner = product.sign_in(open_page(), "owner")
    owner.goto(f"{product.address}/user-tasks/{approve}")
    owner.locator(".detail-actions").get_by_text("Assign").first.click()
    owner.select_option("[name=assignee]", label="林小禾")
    owner.locator(".picker-panel").get_by_role("button", name="Assign").click()
    expect(owner.locator("#refusal")).to_contain_text("林小禾 took part in “Do it”")
    owner.goto(f"{product.address}/user-tasks/{approve}/history")
    expect(owner.locator(".timeline").first).to_contain_text("Refused, four eyes: Approve it")
    other.goto(f"{product.address}/user-tasks/{approve}")
    other.click("[data-submit]")
    expect(other.locator(".detail-main")).to_contain_text("Submitted.")


def checked_by_others(product: ImportedProduct, performer: str) -> str:
    """A user task that checks what a person has just done."""
    found: list[str] = []

    def change(session: Session) -> None:
        deploy(session, resources("four_eyes.bpmn"), name="eyes", reason="tests", actor=SYSTEM, now=NOW)
        site_id = session.scalars(select(Site.id)).first() or ""
        case = start_process(session, "four_eyes", {}, site_id=site_id, actor=SYSTEM, now=NOW)
        of_case = select(UserTask.id).where(UserTask.instance_id == case.id, UserTask.state == "open")
        first = session.scalars(of_case).one()
        actor = Actor(performer)
        complete_user_task(session, first, {}, revision=None, is_claimed_implicitly=True, actor=actor, now=NOW)
        found.append(session.scalars(of_case).one())

    product.write(change)
    return found[0]
