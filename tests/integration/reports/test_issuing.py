"""Issuing: what was checked is frozen, numbered, recorded and told; the database refuses to change it."""

import hashlib
import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import feel
from app.models import FollowUpResult, Group, IssuedReport, Membership, Notification, User
from app.operations.actor import SYSTEM
from app.operations.cases import read_case
from app.operations.history import case_stream
from app.operations.history_reading import read_events
from app.operations.monthly_reports import ReportNotComputed, compute_report, issue_report
from app.operations.operation_call import OperationCall
from app.reports import report_of
from tests.integration.reports.facts import THEN, Facts, october, utc

NOW = utc("2026-11-02T01:00")
COMMENTS = {"overall": "按时交车仍是短板", "issued_by": "lin"}


@pytest.fixture
def october_facts(session: Session) -> Facts:
    made = Facts(session)
    october(made)
    made.case("report", "monthly_report")
    session.add(User(id="zhao", display_name="赵二", created_at=THEN))
    session.add(Group(id="service_manager", name_en="Service managers", name_zh="服务经理"))
    session.flush()
    session.add_all(
        [
            Membership(user_id="zhao", group_id="service_manager", site_id="east"),
            Membership(user_id="lin", group_id="service_manager", site_id="east"),
        ]
    )
    return made


def call(session: Session, **inputs: object) -> OperationCall:
    values = {name: feel.from_python(value) for name, value in inputs.items()}
    return OperationCall(session, read_case(session, "report"), values, SYSTEM, NOW)


def test_what_was_checked_is_frozen_for_good(session: Session, october_facts: Facts) -> None:
    with pytest.raises(ReportNotComputed):
        issue_report(call(session, **COMMENTS))
    compute_report(call(session, month="2026-10"))
    session.get_one(FollowUpResult, "f1").satisfaction = 1  # corrected between check and issue
    session.flush()
    result = issue_report(call(session, **COMMENTS))
    assert feel.decode(feel.encode(result["report_number"])) == 1, "a value that variables can have"
    compute_report(call(session, month="2026-10"))
    issue_report(call(session, **COMMENTS))
    first, second = session.scalars(select(IssuedReport).order_by(IssuedReport.number))
    assert hashlib.sha256(first.content.encode()).hexdigest() == first.sha256
    content = json.loads(first.content)
    assert content["comments"]["overall"] == "按时交车仍是短板"
    assert report_of(content["report"]).current.figure("satisfied").count == 3
    assert report_of(json.loads(second.content)["report"]).current.figure("satisfied").count == 2
    told = [event for event in read_events(session, case_stream("report")) if event.type == "report_issued"]
    assert [(event.body["number"], event.body["sha256"], event.actor_id) for event in told] == [
        (1, first.sha256, "lin"),
        (2, second.sha256, "lin"),
    ]
    copied = session.scalars(select(Notification.user_id).where(Notification.kind == "report_issued")).all()
    assert copied == ["zhao", "zhao"], "nobody is told of what he did himself"
    for statement in ("UPDATE issued_report SET content = '{}'", "DELETE FROM issued_report"):
        with pytest.raises(DBAPIError, match="frozen"), session.begin_nested():
            session.execute(text(statement))
