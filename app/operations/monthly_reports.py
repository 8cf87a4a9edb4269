"""Monthly reports: figures computed for a case, and the snapshot that is frozen when the CR advisor issues it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import AppError
from app.i18n import N_
from app.identifiers import new_id
from app.models import IssuedReport, Membership, ReportDraft, Site
from app.operations.actor import Actor
from app.operations.follow_up_settings import plan_settings
from app.operations.history import Event, append_events, case_stream
from app.operations.history_canonical import canonical_json
from app.operations.notifications import notify
from app.operations.operation_call import Inputs, OperationCall
from app.reports import Month, ReportedSite, compute_monthly_report, plain_report

# The parts of a report that the CR advisor comments on, as the diagram names them.
SECTIONS = ("overall", "follow_ups", "satisfaction", "problems", "customers")
COPIED_TO = ("service_manager", "business_manager")


class ReportNotComputed(AppError):
    """A report is issued that nobody has seen the figures of."""

    def __init__(self) -> None:
        super().__init__(N_("The figures of this report have not been computed yet."))


def reported_site(session: Session, site_id: str) -> ReportedSite:
    """A site with what its reports need to know of it."""
    zone = session.scalars(select(Site.zone).where(Site.id == site_id)).one()
    return ReportedSite(site_id, ZoneInfo(zone), plan_settings(session, site_id).lost_after_months)


def compute_report(call: OperationCall) -> Inputs:
    """Compute the figures of `month` and keep them for the check, in the place of those computed before."""
    month = Month.read(call.needed("month"))
    report = compute_monthly_report(call.session, reported_site(call.session, call.case.site_id), month, now=call.now)
    content = canonical_json(plain_report(report)).decode()
    call.session.merge(
        ReportDraft(
            instance_id=call.case.id, site_id=call.case.site_id, month=str(month), content=content, computed_at=call.now
        )
    )
    return {}


def issue_report(call: OperationCall) -> Inputs:
    """Freeze the figures that were checked, with the comments; tell the managers, who get a copy.

    Inputs: issued_by, and a comment per section. Gives `report_id` and `report_number`. What was checked is issued,
    not what is computed now. Raises ReportNotComputed.
    """
    session, case = call.session, call.case
    draft = session.get(ReportDraft, case.id)
    if draft is None:
        raise ReportNotComputed
    issued_by = call.text("issued_by") or call.actor.user_id
    content = _content(draft, {section: call.text(section) or "" for section in SECTIONS})
    report = IssuedReport(
        id=new_id(),
        site_id=case.site_id,
        month=draft.month,
        number=_next_number(session, case.site_id, draft.month),
        instance_id=case.id,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        issued_at=call.now,
        issued_by=issued_by,
    )
    session.add(report)
    session.flush()
    told = {"report_id": report.id, "month": report.month, "number": report.number, "sha256": report.sha256}
    actor = Actor(issued_by)
    append_events(
        session, case_stream(case.id), [Event("report_issued", told)], actor=actor, now=call.now, site_id=case.site_id
    )
    _tell_managers(session, report, actor, call.now)
    return {"report_id": report.id, "report_number": Decimal(report.number)}


def _content(draft: ReportDraft, comments: Mapping[str, str]) -> str:
    return canonical_json({"comments": dict(comments), "report": json.loads(draft.content)}).decode()


def _next_number(session: Session, site_id: str, month: str) -> int:
    last = select(func.max(IssuedReport.number)).where(IssuedReport.site_id == site_id, IssuedReport.month == month)
    return (session.scalar(last) or 0) + 1


def _tell_managers(session: Session, report: IssuedReport, actor: Actor, now: datetime) -> None:
    managers = select(Membership.user_id).where(
        Membership.site_id == report.site_id, Membership.group_id.in_(COPIED_TO)
    )
    people = session.scalars(managers.distinct()).all()
    notify(
        session,
        people,
        "report_issued",
        params={"month": report.month},
        instance_id=report.instance_id,
        actor=actor,
        now=now,
    )
