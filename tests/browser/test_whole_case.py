"""The main job as its people do it: from the dealer system's export to the auditor's look at the history."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from app.clock import engine_clock
from app.visit_files import sample_csv, sample_table
from tests.browser.house import sign_in
from tests.browser.month_end import put_the_cause_right, read_the_report, report_of_the_month
from tests.browser.product import Product, running_product

ZONE = ZoneInfo("Asia/Shanghai")
COMPLAINT = "左前门关不严，行驶中有风噪"
FINDINGS = "门铰链安装时未按扭矩紧固"


@pytest.fixture
def locale(database_url: str) -> str:
    """Each language once, each on another database."""
    return "zh_CN" if database_url.startswith("sqlite") else "en"


@pytest.fixture
def product(database_url: str, tmp_path: Path, locale: str) -> Iterator[Product]:
    with running_product(database_url, tmp_path, locale) as running:
        yield running


class Desk:
    """One person at work in a browser of their own."""

    def __init__(self, product: Product, page: Page, user_id: str) -> None:
        self.product = product
        self.page = sign_in(page, product.address, user_id)
        expect(page.locator(".top")).to_be_visible()

    def open_step(self, element_id: str, plate: str) -> None:
        """Find the user task in the inbox, open it and claim it if nobody did."""
        for view in ("claimable", "mine"):
            self.page.goto(f"{self.product.address}/inbox?view={view}&q={plate}")
            row = self.page.locator(f".row[data-element='{element_id}']")
            if row.count():
                row.first.click()
                break
        expect(self.page.locator(".detail")).to_be_visible()
        claim = self.page.locator("[data-key=claim]")
        if claim.count():
            claim.click()
            expect(claim).to_have_count(0)
        expect(self.page.locator("[data-submit]")).to_be_visible()

    def answer(self, element_id: str, plate: str = "", **entered: str) -> None:
        """Do a user task: open it, enter values by the names of its fields, send it."""
        self.open_step(element_id, plate)
        self.enter(**entered)
        self.submit()

    def enter(self, **entered: str) -> None:
        for name, value in entered.items():
            field = self.page.locator(f"[name={name}]:not([type=hidden])")
            kind = field.first.evaluate("field => field.type")
            if kind == "radio":
                self.page.locator(f"[name={name}][value={value}]").check()
            elif kind == "select-one":
                field.select_option(value)
            else:
                expect(field).to_be_editable()
                field.fill(value)

    def today(self, ahead: timedelta = timedelta(0)) -> str:
        """What a browser's date field takes."""
        return f"{(engine_clock(self.product.config)() + ahead).astimezone(ZONE):%Y-%m-%d}"

    def submit(self) -> None:
        self.page.locator("[data-submit]").click()
        expect(self.page.locator(".notice.is-good")).to_be_visible()
        self.product.work()


def import_sample(desk: Desk, file: Path) -> None:
    page = desk.page
    page.goto(desk.product.address + "/imports")
    page.set_input_files("[name=file]", file)
    page.locator("form.card button").click()
    expect(page.locator(".import-table .tag.is-red")).not_to_have_count(0)
    page.locator("form.card button.is-primary").click()
    expect(page.locator(".notice.is-good")).to_be_visible()
    desk.product.move_clock(timedelta(days=3))  # the plan begins on a working day
    desk.product.work()


def local(moment: datetime) -> str:
    """What a browser's date-and-time field takes."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def follow_up_until_major_complaint(desk: Desk) -> str:
    """Prepare, not reached, inconvenient with an appointment, reached; returns the car's plate."""
    page, product = desk.page, desk.product
    page.goto(product.address + "/inbox?view=mine")
    plate = page.locator(".row[data-element=Activity_Prepare] .row-title").first.inner_text().rpartition(" · ")[2]
    desk.answer("Activity_Prepare", plate, data_state="right")
    desk.answer("Activity_Call", plate, call_outcome="no_answer")
    page.goto(f"{product.address}/inbox?view=mine&q={plate}")
    expect(page.locator(".row[data-element=Activity_Call]")).to_have_count(0)  # asleep until the next attempt
    product.move_clock(timedelta(days=3))
    appointment = local(engine_clock(product.config)() + timedelta(hours=5))
    desk.answer("Activity_Call", plate, call_outcome="inconvenient", appointment_at=appointment)
    product.move_clock(timedelta(hours=6))
    desk.answer("Activity_Call", plate, call_outcome="reached")
    record_major_complaint(desk, plate)
    return plate


def record_major_complaint(desk: Desk, plate: str) -> None:
    desk.open_step("Activity_Record", plate)
    for question in desk.page.locator("input[type=radio][name^=answers][value=yes]").all():
        question.check()
    desk.enter(
        spoken_to="owner", satisfaction="dissatisfied", complaint_level="major", problem_kind="quality",
        complaint_text=COMPLAINT, complaint_contact_time="16:00",
    )  # fmt: skip
    desk.submit()


def answer_complaint(person: Callable[[str], Desk], plate: str) -> None:
    person("customer_service").answer("Activity_FillIn", plate, problem_kind="quality")
    confirmed = {"confirmation": "confirmed", "department": "service_manager"}
    person("customer_service_manager").answer("Activity_Confirm", plate, **confirmed)
    manager = person("service_manager")
    manager.open_step("Activity_Investigate", plate)
    expect(manager.page.locator("[name=complaint_text], .computed, .kv").first).to_be_visible()
    manager.enter(
        findings=FINDINGS, cause_category="people", responsible_party="钣金组", corrective_needed="yes",
        recurrence_text="交车前未检查漆面",
    )  # fmt: skip
    manager.submit()
    manager.answer("Activity_Decide", plate, remedy="返工并免费保养一次", remedy_amount="100000")
    person("general_manager").answer("Activity_Approve", plate, remedy_decision="approved")
    replied_at = local(engine_clock(manager.product.config)())
    manager.answer(
        "Activity_Reply", plate, reply_channel="phone", reply_text="已向客户说明并致歉", replied_at=replied_at
    )
    result = {"customer_verdict": "satisfied", "customer_view": "满意"}
    person("customer_service").answer("Activity_GiveResult", plate, **result)
    person("general_manager").answer("Activity_NoteComplaint", plate)


def test_a_month_from_the_export_to_the_report_and_the_auditor(
    product: Product, open_page: Callable[..., Page], axe: Callable[..., None], tmp_path: Path, locale: str
) -> None:
    desks: dict[str, Desk] = {}

    def person(user_id: str) -> Desk:
        if user_id not in desks:
            desks[user_id] = Desk(product, open_page(), user_id)
        return desks[user_id]

    export = tmp_path / "export.csv"
    today = engine_clock(product.config)().astimezone(ZONE).date()
    export.write_bytes(sample_csv(sample_table(80, today), "gb18030"))
    advisor = person("cr_advisor")
    import_sample(advisor, export)
    plate = follow_up_until_major_complaint(advisor)
    answer_complaint(person, plate)
    if locale == "zh_CN":  # once is enough
        put_the_cause_right(person)
        report_of_the_month(person)
        read_the_report(person("general_manager"))
    look_at_the_history(person("auditor").page, product, plate, axe)


def look_at_the_history(page: Page, product: Product, plate: str, axe: Callable[..., None]) -> None:
    page.goto(f"{product.address}/cases?state=completed&q={plate}")
    expect(page.locator(".case-title")).to_have_count(2)  # the follow-up and its complaint
    page.goto(f"{product.address}/cases?state=completed&process=complaint")
    page.locator(".case-title").first.click()
    history = page.locator("[data-tab=history]")
    history.click()
    timeline = page.locator(".timeline")
    expect(timeline).to_contain_text(FINDINGS)
    expect(timeline.locator("ins").first).to_be_visible()
    expect(timeline.locator("del").first).to_be_visible()
    axe(page)
    page.locator("[data-tab=diagram]").click()
    expect(page.locator("[data-state=ready]")).to_be_visible()
    expect(page.locator(".djs-element.is-done, .djs-element[class*=done]").first).to_be_attached()
    assert not re.search(r"Traceback|None", page.locator("body").inner_text())
