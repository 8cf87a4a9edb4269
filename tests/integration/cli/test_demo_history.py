"""The demo's months are lived through: imports, calls, complaints and a report by the real processes, not by rows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.cli.demo_history import build_history
from app.cli.demo_history.answers import ANSWERS
from app.cli.demo_history.customers import Experience, share_of_yes
from app.database import writing
from app.models import FollowUpResult, Incident, IssuedReport, Notification, ProcessInstance
from app.operations.demo_data import ZONE, create_demo_data
from app.operations.history_verification import verify_history
from app.operations.shipped import shipped_resources

FIRST, TODAY = date(2026, 6, 17), date(2026, 7, 4)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_some_weeks_with_the_end_of_a_month(sessions: sessionmaker[Session]) -> None:
    with writing(), sessions() as session:
        create_demo_data(session, shipped_resources(), now=datetime(2026, 6, 16, 22, tzinfo=UTC))
        session.commit()
    months: list[date] = []
    build_history(sessions, FIRST, TODAY, ZoneInfo(ZONE), months.append)
    assert months == [FIRST, date(2026, 7, 1)]
    with sessions() as session:
        assert session.scalars(select(Incident)).all() == []
        ended = select(ProcessInstance.process_key).where(ProcessInstance.state == "completed")
        assert Counter(session.scalars(ended))["follow_up"] >= 5
        assert session.scalars(select(FollowUpResult.caller_id)).first() in {"crlin", "crbai", "easthua"}
        assert {report.month for report in session.scalars(select(IssuedReport))} == {"2026-06"}
        read = session.scalars(select(Notification.read_at).order_by(Notification.created_at)).all()
        assert read[0] is not None  # weeks ago
        assert read[-1] is None
        assert verify_history(session).is_intact


def test_every_form_of_the_shipped_processes_is_known() -> None:
    """But those that start a case: everything in the demo begins with a visit."""
    forms = {name.removesuffix(".form") for name in shipped_resources() if name.endswith(".form")}
    assert forms - set(ANSWERS) == {"complaint_report", "rectification_propose"}


def test_the_measure_works() -> None:
    on_time = [share_of_yes("on_time", Experience(months_ago, "")) for months_ago in (12, 6, 2)]
    assert on_time[1] < on_time[0] < on_time[2]
    assert share_of_yes("quality", Experience(12, "空调系统清洗")) < share_of_yes("quality", Experience(12, "更换电瓶"))
