"""The monthly report as a file: frozen figures, who issued them, signatures; nothing of the house for others."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import HistoryEvent, IssuedReport, Measure
from app.operations.history_canonical import canonical_json
from app.reports import Month, ReportedSite, compute_monthly_report, plain_report
from tests.integration.web.browser import Browser
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import HERE, Dealership
from tests.integration.web.filling import STRANGER

pytestmark = SQLITE_ONLY
COMMENT = "Saturdays were too full"
NOW = datetime(2026, 6, 2, tzinfo=UTC)
ADDRESS = "/reports/monthly/issued/r1/export"


@pytest.fixture
def issued(dealership: Dealership, sessions: sessionmaker[Session]) -> str:
    """The report of May, issued as number 2 by the CR advisor; returns its hash."""
    with writing(), sessions() as session:
        report = compute_monthly_report(session, ReportedSite(HERE, ZoneInfo("UTC"), 6), Month(2026, 5), now=NOW)
        content = canonical_json({"comments": {"problems": COMMENT}, "report": plain_report(report)}).decode()
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        session.add(
            IssuedReport(
                id="r1", site_id=HERE, month="2026-05", number=2, instance_id=dealership.instance_id, content=content,
                sha256=sha256, issued_at=NOW, issued_by="cr_advisor",
            )
        )  # fmt: skip
        session.add(
            Measure(
                id="m1", instance_id=dealership.instance_id, number=1, site_id=HERE, origin_kind="report",
                origin_id=dealership.instance_id, kind="preventive", problem_kind="on_time",
                responsible_id="service_advisor", due_on=NOW.date(), state="approved", proposed_at=NOW,
            )
        )  # fmt: skip
        session.commit()
    return sha256


def signed_in(app: Flask, user_id: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(user_id)
    browser.get("/reports/monthly")
    return browser


def test_on_paper_it_says_what_it_is_and_who_signs(app: Flask, issued: str) -> None:
    browser = signed_in(app, "general_manager")
    assert f'action="{ADDRESS}"' in browser.get("/reports/monthly/issued/r1").text
    answer = browser.post(ADDRESS, {"form": "pdf"})
    words = (
        "Monthly report 2026-05",
        "Main house",
        issued,
        issued[:16],
        "Cr Advisor",
        COMMENT,
        "General manager",
        "Service Advisor",
    )
    for word in (*words, "counter(pages)", "No. 2", "Service Advisor"):
        assert word in answer.text, word


def test_a_workbook_has_every_table_and_is_recorded(app: Flask, issued: str, sessions: sessionmaker[Session]) -> None:
    answer = signed_in(app, "cr_advisor").post(ADDRESS, {"form": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert {"Key figures", "All figures", "Comments", "About this report"} <= set(book.sheetnames)
    assert [cell.value for cell in book["Comments"]["B"]][-1] == COMMENT
    with sessions() as session:
        (event,) = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "report_exported"))
        assert b"2026-05 #2" in event.canonical


def test_the_manufacturer_gets_figures_only(app: Flask, issued: str) -> None:
    answer = signed_in(app, "general_manager").post(ADDRESS, {"form": "pdf", "for": "manufacturer"})
    for word in (COMMENT, "Cr Advisor", "Service Advisor", issued[:16], 'class="signatures"'):
        assert word not in answer.text, word
    assert "Follow-ups due" in answer.text


def test_figures_of_today_are_marked_as_not_issued(app: Flask, issued: str) -> None:
    answer = signed_in(app, "general_manager").post(f"/reports/monthly/of/{HERE}/2026-05/export", {"form": "pdf"})
    assert "Figures as of today, not issued" in answer.text


@pytest.mark.parametrize(("user", "status"), [("customer_service", 403), ("auditor", 403), (STRANGER, 404)])
def test_nobody_else_takes_it_away(app: Flask, issued: str, user: str, status: int) -> None:
    browser = signed_in(app, user)
    assert ADDRESS not in browser.get("/reports/monthly/issued/r1").text
    assert browser.post(ADDRESS, {"form": "pdf"}).status_code == status
