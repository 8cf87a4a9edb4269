"""Monthly reports for pages: those issued, by site and month, and the newest draft of a case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.issued_report import IssuedReport, ReportDraft


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """An issued report without its content."""

    id: str
    site_id: str
    month: str
    number: int
    instance_id: str
    sha256: str
    issued_at: datetime
    issued_by: str


_ROW = (
    IssuedReport.id, IssuedReport.site_id, IssuedReport.month, IssuedReport.number, IssuedReport.instance_id,
    IssuedReport.sha256, IssuedReport.issued_at, IssuedReport.issued_by,
)  # fmt: skip


def issued_between(session: Session, site_ids: Collection[str], first: str, last: str) -> list[IssuedRow]:
    """The reports of these months, both included; newest month first, then site, then the newest number."""
    wanted = (
        select(*_ROW)
        .where(IssuedReport.site_id.in_(site_ids), IssuedReport.month >= first, IssuedReport.month <= last)
        .order_by(IssuedReport.month.desc(), IssuedReport.site_id, IssuedReport.number.desc())
    )
    return [IssuedRow(*row) for row in session.execute(wanted)]


def numbers_of_month(session: Session, site_id: str, month: str) -> list[IssuedRow]:
    """All numbers of one month's report, the newest first."""
    return issued_between(session, (site_id,), month, month)


def newest_issued_of_case(session: Session, instance_id: str) -> IssuedReport | None:
    """The report a case issued last."""
    wanted = select(IssuedReport).where(IssuedReport.instance_id == instance_id)
    return session.scalars(wanted.order_by(IssuedReport.number.desc()).limit(1)).first()


def drafted_between(session: Session, site_ids: Collection[str], first: str, last: str) -> list[tuple[str, str, str]]:
    """Site, month and case of the figures that are computed, issued or not."""
    wanted = select(ReportDraft.site_id, ReportDraft.month, ReportDraft.instance_id).where(
        ReportDraft.site_id.in_(site_ids), ReportDraft.month >= first, ReportDraft.month <= last
    )
    return [(site_id, month, instance_id) for site_id, month, instance_id in session.execute(wanted)]
