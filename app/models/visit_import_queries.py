"""What the import pages show: uploads of some sites, and what came of them."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.customer import Visit, VisitImport, VisitImportRow
from app.models.file_import_queries import outcome_counts
from app.models.follow_up_plan import PlannedFollowUp

NEWEST = 20


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """An upload and the number of its rows by outcome (good, bad, duplicate, imported)."""

    upload: VisitImport
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def newest_imports(session: Session, site_ids: Collection[str]) -> list[ImportSummary]:
    """The last uploads of these sites, newest first."""
    uploads = session.scalars(
        select(VisitImport)
        .where(VisitImport.site_id.in_(site_ids))
        .order_by(VisitImport.uploaded_at.desc(), VisitImport.id.desc())
        .limit(NEWEST)
    ).all()
    return [ImportSummary(upload, outcome_counts(session, VisitImportRow, upload.id)) for upload in uploads]


def find_import(session: Session, import_id: str, site_ids: Collection[str]) -> ImportSummary | None:
    """An upload of one of these sites, or None."""
    upload = session.get(VisitImport, import_id)
    if upload is None or upload.site_id not in site_ids:
        return None
    return ImportSummary(upload, outcome_counts(session, VisitImportRow, import_id))


def is_consent_told(session: Session, import_id: str) -> bool:
    """Whether every good row says if the customer agreed to be called."""
    rows = session.scalars(
        select(VisitImportRow.content).where(VisitImportRow.import_id == import_id, VisitImportRow.outcome == "good")
    )
    return all(json.loads(content).get("consent") for content in rows)


def follow_ups_of_import(session: Session, import_id: str) -> dict[str, int]:
    """How many follow-ups the visits of an import brought about, by state (skipped ones by their reason)."""
    state = func.coalesce(PlannedFollowUp.skip_reason, PlannedFollowUp.state)
    rows = session.execute(
        select(state, func.count())
        .join(Visit, Visit.id == PlannedFollowUp.visit_id)
        .where(Visit.import_id == import_id)
        .group_by(state)
    )
    return dict(rows.all())
