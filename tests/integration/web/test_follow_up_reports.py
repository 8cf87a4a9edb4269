"""Pages and files of follow-up reports: who gets them, what they open, what is written down of them."""

from __future__ import annotations

import io
import re
from datetime import datetime
from html import unescape

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.database import writing
from app.models import FollowUpAttempt, FollowUpResult, HistoryEvent, PlannedFollowUp, ProcessInstance, User
from tests.integration.web.browser import Browser, signed_in
from tests.integration.web.conftest import SQLITE_ONLY
from tests.integration.web.dealership import ELSEWHERE, HERE, MARKER, Dealership
from tests.integration.web.filling import STRANGER

pytestmark = SQLITE_ONLY
PAGE = "/reports/follow-ups?kind=day&on=2026-05-27"
FORMULA = "=1+1"  # the name of a service advisor, as an import may bring it


@pytest.fixture
def closed_call(dealership: Dealership, sessions: sessionmaker[Session]) -> Dealership:
    """The follow-up of the dealership was closed on 27 May at ten in Shanghai, with a minor complaint."""
    with writing(), sessions() as session:
        planned = session.scalars(select(PlannedFollowUp)).one()
        case = session.get_one(ProcessInstance, dealership.instance_id)
        assert case.customer_id
        assert case.vehicle_id
        session.add(
            FollowUpResult(
                planned_follow_up_id=planned.id, instance_id=case.id, site_id=HERE, customer_id=case.customer_id,
                vehicle_id=case.vehicle_id, visit_id=case.visit_id, occasion="repair_3dc", level=1,
                planned_on=planned.planned_on, latest_on=planned.latest_on,
                closed_at=datetime.fromisoformat("2026-05-27T02:00+00:00"), result="reached", attempts=2,
                caller_id="cr_advisor", service_advisor=FORMULA, satisfaction=1, complaint_level="minor",
                problem_kind="price",
            )
        )  # fmt: skip
        session.flush()
        session.add(
            FollowUpAttempt(
                planned_follow_up_id=planned.id, number=1, called_at=dealership.now, day_part="noon",
                outcome="no_answer", is_repeated=True,
            )
        )  # fmt: skip
        session.commit()
    return dealership


def test_a_day_with_its_calls(app: Flask, closed_call: Dealership) -> None:
    page = signed_in(app, "general_manager").get(PAGE)
    wanted = ("7DC/3DC daily report", "Main house", "2026-05-27", "Cr Advisor", "10:00", "dissatisfied", "Price")
    for words in (*wanted, "Noon (until 13:30)"):
        assert words in page.text, words
    assert f'href="/cases/{closed_call.instance_id}"' in page.text


def test_other_sites_see_nothing_of_it(app: Flask, closed_call: Dealership) -> None:
    stranger = signed_in(app, STRANGER)
    assert "10:00" not in stranger.get(PAGE).text
    assert stranger.get(f"{PAGE}&site={HERE}").status_code == 404
    assert signed_in(app, "general_manager").get(f"{PAGE}&site={ELSEWHERE}").status_code == 404


def test_a_figure_opens_its_cases(app: Flask, closed_call: Dealership) -> None:
    manager = signed_in(app, "general_manager")
    address = "/reports/follow-ups/cases?kind=day&on=2026-05-27&figure=minor"
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', manager.get(PAGE).text)]
    wanted = set(address.partition("?")[2].split("&"))
    assert any(wanted <= set(link.partition("?")[2].split("&")) for link in links)
    assert MARKER in manager.get(address).text
    assert manager.get(address.replace("minor", "salaries")).status_code == 404


def test_w49_a_workbook_has_the_figures_and_no_formula(
    app: Flask, closed_call: Dealership, sessions: sessionmaker[Session]
) -> None:
    answer = export(signed_in(app, "cr_advisor"), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cuts = ["By occasion", "By caller", "By service advisor"]
    assert book.sheetnames == ["Key figures", *cuts, "Calls by the time of day", "Kinds of problems", "Calls"]
    assert book["Key figures"]["A1"].value == "7DC/3DC daily report"
    advisors = book["By service advisor"]
    assert (advisors["A6"].value, advisors["A6"].data_type, advisors["C6"].value) == (FORMULA, "s", 1)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    with sessions() as session:
        (event,) = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "report_exported"))
        assert (event.actor_id, "2026-05-27" in str(event.canonical)) == ("cr_advisor", True)


def test_a_pdf_says_who_made_it(app: Flask, closed_call: Dealership, sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        session.get_one(User, "cr_advisor").locale = "zh_CN"
        session.commit()
    answer = export(signed_in(app, "cr_advisor"), "pdf")
    for words in ("7DC/3DC 日报表", "Cr Advisor", "counter(pages)", "回访明细"):
        assert words in answer.text, words
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_to_export_is_a_permission_of_its_own(app: Flask, closed_call: Dealership) -> None:
    reader = signed_in(app, "customer_service")
    assert "/reports/follow-ups/export" not in reader.get(PAGE).text
    assert export(reader, "xlsx").status_code == 403
    assert export(signed_in(app, "cr_advisor"), "exe").status_code == 422


def test_a_day_that_is_none_is_told(app: Flask, people: None) -> None:
    answer = signed_in(app, "general_manager").get("/reports/follow-ups?on=yesterday")
    assert answer.status_code == 422
    assert "Write it as 2026-10-31" in answer.text


def export(browser: Browser, form: str):  # type: ignore[no-untyped-def]
    browser.get("/reports/follow-ups")
    values = {"kind": "day", "on": "2026-05-27", "site": "", "occasion": "", "form": form}
    return browser.post("/reports/follow-ups/export", values)
