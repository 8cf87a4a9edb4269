"""The end of a month as its people see it: a complaint's cause is put right, the report is issued and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.test_whole_case import Desk

    Person = Callable[[str], Desk]

MEASURE = "交车前加做车门扭矩检查"
REMARK = "门铰链投诉一起，已整改"


def put_the_cause_right(person: Person) -> None:
    """Proposed by who answered the complaint: suggested, set, approved, carried out, verified by somebody else."""
    for user_id in ("service_advisor", "cr_advisor", "technical_expert"):
        desk = person(user_id)
        desk.open_step("Activity_Propose", "")
        desk.fill("proposal_text", "每台车交车前由质检员签字")
        desk.submit()
    desk = person("service_manager")
    desk.open_step("Activity_SetMeasures", "")
    desk.fill("cause_analysis", "交车检查表没有车门一项")
    set_measure(desk)
    desk.submit()
    desk = person("general_manager")
    desk.open_step("Activity_ApproveMeasures", "")
    desk.choose("measures_decision", "approved")
    desk.submit()
    desk = person("technical_expert")
    desk.open_step("Activity_CarryOut", "")
    desk.fill("evidence_text", "检查表已换成新版，见附件编号三")
    desk.submit()
    desk = person("business_manager")
    desk.open_step("Activity_Verify", "")
    desk.choose("verification", "verified")
    desk.page.locator("[name=effective_from]").fill(desk.today())
    desk.submit()
    desk = person("general_manager")
    desk.open_step("Activity_NoteResult", "")
    desk.submit()


def set_measure(desk: Desk) -> None:
    page = desk.page
    if not page.locator("[name=measures-0-kind]").count():
        page.locator("[name=_add][value=measures]").click()
    desk.choose("measures-0-kind", "corrective")
    page.locator("[name=measures-0-responsible_id]").select_option("technical_expert")
    page.locator("[name=measures-0-due_on]").fill(desk.today(timedelta(days=7)))
    for name, text in {"what": MEASURE, "why": "防止再次发生", "where": "交车区", "how": "逐个复核并签字"}.items():
        desk.fill(f"measures-0-{name}", text)


def report_of_the_month(person: Person) -> None:
    """Checked and issued by the CR advisor, acknowledged by the general manager, analysed by the service manager."""
    desk = person("cr_advisor")
    for days in (31, 10):  # the first of a month is over, and a working hour after it, whatever holidays there are
        desk.product.move_clock(timedelta(days=days))
        desk.product.work()
    desk.open_step("Activity_Check", "")
    desk.choose("check_decision", "issue")
    desk.fill("comment_overall", REMARK)
    desk.submit()
    desk = person("general_manager")
    desk.open_step("Activity_Acknowledge", "")
    desk.choose("receipt", "acknowledged")
    desk.submit()
    desk = person("service_manager")
    desk.open_step("Activity_Analyse", "")
    desk.fill("quality_findings", "本月质量问题集中在车门安装")
    desk.fill("earlier_effect", "首月，尚无以往措施")
    desk.choose("has_proposals", "no")
    desk.submit()


def read_the_report(desk: Desk) -> None:
    """From the list to the report, from a figure to its cases."""
    page = desk.page
    page.goto(f"{desk.product.address}/reports/monthly")
    page.locator("main a[href*='/reports/monthly/issued/']").first.click()
    expect(page.locator("main")).to_contain_text(REMARK)
    figure = page.locator("main a[href*='/cases?']").first
    figure.click()
    expect(page.locator("main h1")).to_be_visible()
