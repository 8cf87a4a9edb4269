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
        person(user_id).answer("Activity_Propose", proposal_text="每台车交车前由质检员签字")
    set_measure(person("service_manager"))
    person("general_manager").answer("Activity_ApproveMeasures", measures_decision="approved")
    expert, verifier = person("technical_expert"), person("business_manager")
    expert.answer("Activity_CarryOut", evidence_text="检查表已换成新版，见附件编号三")
    verifier.answer("Activity_Verify", verification="verified", effective_from=verifier.today())
    person("general_manager").answer("Activity_NoteResult")


def set_measure(desk: Desk) -> None:
    desk.open_step("Activity_SetMeasures", "")
    desk.enter(cause_analysis="交车检查表没有车门一项")
    if not desk.page.locator("[name=measures-0-kind]").count():
        desk.page.locator("[name=_add][value=measures]").click()
    measure = {
        "kind": "corrective", "responsible_id": "technical_expert", "due_on": desk.today(timedelta(days=7)),
        "what": MEASURE, "why": "防止再次发生", "where": "交车区", "how": "逐个复核并签字",
    }  # fmt: skip
    desk.enter(**{f"measures-0-{name}": text for name, text in measure.items()})
    desk.submit()


def report_of_the_month(person: Person) -> None:
    """Checked and issued by the CR advisor, acknowledged by the general manager, analysed by the service manager."""
    advisor = person("cr_advisor")
    for days in (31, 10):  # the first of a month is over, and a working hour after it, whatever holidays there are
        advisor.product.move_clock(timedelta(days=days))
        advisor.product.work()
    advisor.answer("Activity_Check", check_decision="issue", comment_overall=REMARK)
    person("general_manager").answer("Activity_Acknowledge", receipt="acknowledged")
    analysis = {"quality_findings": "本月质量问题集中在车门安装", "earlier_effect": "首月，尚无以往措施"}
    person("service_manager").answer("Activity_Analyse", **analysis, has_proposals="no")


def read_the_report(desk: Desk) -> None:
    """From the list to the report, from a figure to its cases."""
    page = desk.page
    page.goto(f"{desk.product.address}/reports/monthly")
    page.locator("main a[href*='/reports/monthly/issued/']").first.click()
    expect(page.locator("main")).to_contain_text(REMARK)
    figure = page.locator("main a[href*='/cases?']").first
    figure.click()
    expect(page.locator("main h1")).to_be_visible()
