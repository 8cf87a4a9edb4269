"""Pages of the monthly report: figures that open their cases, frozen numbers, who may read them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import FollowUpResult, IssuedReport, Membership, ProcessAccess, ProcessInstance, UserTask
from app.operations.actor import Actor
from app.operations.history_canonical import canonical_json
from app.operations.monthly_reports import reported_site
from app.operations.process_instances import start_process
from app.reports import Month, compute_monthly_report, plain_report
from app.reports.labels import FIGURES
from app.worker import run_due
from tests.integration.reports.facts import Facts, october, utc
from tests.integration.web.browser import signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, Dealership

pytestmark = SQLITE_ONLY
OCTOBER = "/reports/monthly/of/east/2026-10"
ISSUED_AT = utc("2026-11-02T01:00")


@pytest.fixture
def reported(people: None, sessions: sessionmaker[Session]) -> None:
    """The October that is counted by hand, its report issued; then one answer is corrected."""
    with writing(), sessions() as session:
        facts = Facts(session)
        october(facts)
        facts.case("report", "monthly_report")
        session.add_all(
            [
                Membership(user_id="cr_advisor", group_id="cr_advisor", site_id="east"),
                Membership(user_id="general_manager", group_id="general_manager", site_id="east"),
                Membership(user_id="admin", group_id="admin", site_id="east"),
                ProcessAccess(process_key="follow_up", group_id="cr_advisor", can_read=True, can_start=False),
            ]
        )
        report = compute_monthly_report(session, reported_site(session, "east"), Month(2026, 10), now=ISSUED_AT)
        comments = {"overall": "按时交车仍是短板", "problems": "<b>三个问题</b>"}
        content = canonical_json({"comments": comments, "report": plain_report(report)}).decode()
        session.add(
            IssuedReport(
                id="issued", site_id="east", month="2026-10", number=1, instance_id="report", content=content,
                sha256="0" * 64, issued_at=ISSUED_AT, issued_by="cr_advisor",
            )
        )  # fmt: skip
        session.get_one(FollowUpResult, "f1").satisfaction = 1
        session.commit()


@pytest.mark.usefixtures("reported")
def test_the_months_lead_to_a_frozen_report_beside_what_differs_today(app: Flask) -> None:
    manager = signed_in(app, "general_manager")
    months = manager.get("/reports/monthly?until=2026-11")
    assert "/reports/monthly/issued/issued" in months.text
    page = manager.get("/reports/monthly/issued/issued")
    wanted = ("Monthly report 2026-10", "No. 1", "75%", "6/8", "按时交车仍是短板", "Figures today differ", "Cr Advisor")
    for words in wanted:
        assert words in page.text, words
    assert "60% (3/5)" in page.text, "as issued"
    assert "40% (2/5)" in page.text, "today"
    assert "<b>三个问题</b>" not in page.text
    assert "Figures today differ" not in manager.get(OCTOBER).text
    assert manager.get("/reports/monthly/of/east/yesterday").status_code == 422

    # The manufacturer gets figures only.
    outside = manager.get("/reports/monthly/issued/issued?for=manufacturer").text
    assert "75%" in outside
    for words in ("按时交车仍是短板", "issued by", "Cr Advisor</", "figure=due", "Figures today differ"):
        assert words not in outside, words


@pytest.mark.usefixtures("reported")
def test_every_figure_opens_its_cases_and_those_it_leaves_out(app: Flask) -> None:
    advisor = signed_in(app, "cr_advisor")
    page = advisor.get(OCTOBER).text
    links = sorted({unescape(link) for link in re.findall(r'href="(/reports/monthly/of/[^"]+figure=[^"]+)"', page)})
    assert len(links) > len(FIGURES), "figures and rows"
    assert [link for link in links if advisor.get(link).status_code != 200] == []
    made = advisor.get(f"{OCTOBER}/cases?figure=carried_out").text
    assert re.findall(r"N-(if\d+)", made) == ["if4", "if3", "if2", "if11", "if10", "if1"]
    left_out = advisor.get(f"{OCTOBER}/cases?figure=carried_out&rest=1").text
    assert re.findall(r"N-(if\d+)", left_out) == ["if5"], "the one called off has no case"
    assert "R-v2" in advisor.get(f"{OCTOBER}/cases?figure=visitors&key=repeat").text
    assert advisor.get(f"{OCTOBER}/cases?figure=salaries").status_code == 404


@pytest.mark.usefixtures("reported")
def test_only_who_reads_reports_of_the_site_gets_them(app: Flask) -> None:
    """The general manager may not see every case: the list keeps to the one rule of visibility."""
    assert "N-if4" not in signed_in(app, "general_manager").get(f"{OCTOBER}/cases?figure=carried_out").text
    for address in (OCTOBER, f"{OCTOBER}/cases?figure=due", "/reports/monthly/issued/issued"):
        assert signed_in(app, "service_manager").get(address).status_code == 404, "another site"
        assert signed_in(app, "admin").get(address).status_code == 403


def test_a_month_is_computed_checked_issued_and_read(
    app: Flask, dealership: Dealership, sessions: sessionmaker[Session]
) -> None:
    """The shipped process on a database: its jobs run, the figures stand beside the form, the numbers are frozen."""
    began = dealership.now.replace(month=6, day=1)
    with writing(), sessions() as session:
        actor = Actor("cr_advisor")
        case = start_process(session, "monthly_report", {}, site_id=HERE, actor=actor, now=began)
        session.commit()

    def work(element_id: str, person: str, **answers: str) -> str:
        with writing():
            run_due(sessions, began)
        with sessions() as session:
            wanted = select(UserTask).where(UserTask.instance_id == case.id, UserTask.state == "open")
            user_task = session.scalars(wanted).one()
        assert user_task.element_id == element_id
        browser = signed_in(app, person)
        page = browser.get(f"/user-tasks/{user_task.id}").text
        answer = browser.post(
            f"/user-tasks/{user_task.id}/complete", {"revision": str(user_task.revision), "submit": "1", **answers}
        )
        assert answer.status_code in (200, 303), answer.text
        return page

    page = work("Activity_Check", "cr_advisor", check_decision="issue", comment_overall="好")
    assert "Follow-ups due" in page
    assert f"/reports/monthly/draft/{case.id}" in page
    page = work("Activity_Acknowledge", "general_manager", receipt="acknowledged")
    assert "/reports/monthly/issued/" in page
    told = {"quality_findings": "备件缺货", "earlier_effect": "无", "has_proposals": "yes"}
    proposal = {"problem_kind": "parts", "cause_category": "material", "text": "提前备货"}
    told |= {f"proposals-0-{name}": text for name, text in proposal.items()}
    work("Activity_Analyse", "service_manager", **told)
    with writing():
        run_due(sessions, began)
    with sessions() as session:
        report = session.scalars(select(IssuedReport)).one()
        assert (report.month, report.number, report.issued_by) == ("2026-05", 1, "cr_advisor")
        rectification = select(ProcessInstance).where(ProcessInstance.process_key == "rectification")
        assert session.scalars(rectification).one().origin_id == case.id
        assert session.get_one(ProcessInstance, case.id).state == "completed"
    page = signed_in(app, "general_manager").get(f"/reports/monthly/issued/{report.id}").text
    assert "备件缺货" in page, "the managers' analysis stands below the figures"
