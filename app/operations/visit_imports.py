"""Imports of a dealer system's export: looked at first, then the good rows taken in, each once only."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.i18n import N_
from app.identifiers import new_id
from app.models import Site, Visit, VisitImport, VisitImportRow
from app.operations.actor import Actor
from app.operations.customers import CustomerData, find_or_create_customer, find_or_create_vehicle, record_consent
from app.operations.file_imports import keep_upload, locked_upload, new_row, stored_rows
from app.operations.follow_up_plan import FollowUpPlanner
from app.operations.history import CONFIGURATION_STREAM, Event, append_events
from app.spreadsheets import FileRow, Problem, UploadedTable
from app.visit_files import CheckedVisit, check_row

ORDER_TWICE = N_("Order %(text)s stands in line %(line)s already. Only the first row is imported.")
SEVERAL_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of an import's rows, and of the follow-ups of the imported ones."""

    imported: int
    duplicate: int
    bad: int
    planned: int
    skipped: int


def upload_visits(session: Session, export: UploadedTable, *, site_id: str, actor: Actor, now: datetime) -> VisitImport:
    """Keep the rows of an export for the preview; nothing is imported yet. Raises NotFound for the site."""
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound(N_("The site %(site)s does not exist."), site=site_id)
    upload = VisitImport(site_id=site_id)
    keep_upload(session, upload, export, actor=actor, now=now)
    checked = [(row, *check_row(row.texts, ZoneInfo(site.zone), now)) for row in export.table.rows]
    known = _known_orders(session, site_id, [visit for _, visit, _ in checked if visit])
    first_lines: dict[tuple[str, str], int] = {}
    session.add_all(_preview_row(upload, *entry, known, first_lines) for entry in checked)
    session.flush()
    return upload


def _known_orders(session: Session, site_id: str, visits: Sequence[CheckedVisit]) -> set[tuple[str, str]]:
    numbers = sorted({visit.order_number for visit in visits})
    known: set[tuple[str, str]] = set()
    for start in range(0, len(numbers), SEVERAL_AT_ONCE):
        some = numbers[start : start + SEVERAL_AT_ONCE]
        rows = session.execute(
            select(Visit.kind, Visit.order_number).where(Visit.site_id == site_id, Visit.order_number.in_(some))
        )
        known.update((kind, number) for kind, number in rows)
    return known


def _preview_row(
    upload: VisitImport,
    row: FileRow,
    visit: CheckedVisit | None,
    problems: tuple[Problem, ...],
    known: set[tuple[str, str]],
    first_lines: dict[tuple[str, str], int],
) -> VisitImportRow:
    outcome = "bad"
    if visit is not None:
        order = (visit.kind, visit.order_number)
        outcome = "duplicate" if order in known else "good"
        if order in first_lines:
            outcome = "bad"
            problems = (Problem("order_number", ORDER_TWICE, {"text": order[1], "line": str(first_lines[order])}),)
        first_lines.setdefault(order, row.number)
    return new_row(VisitImportRow, upload, row, outcome, problems)


def import_good_rows(
    session: Session, import_id: str, *, is_consent_assumed: bool, actor: Actor, now: datetime
) -> ImportResult:
    """Take in the good rows of an upload: customers, vehicles, visits, and the plan of their follow-ups.

    Arguments: is_consent_assumed, whether customers of whom the file does not say so agreed to be called.
    Rows that came in by another import meanwhile count as duplicates. Raises NotFound, FileAlreadyImported.
    """
    upload = locked_upload(session, VisitImport, import_id)
    site = session.get_one(Site, upload.site_id)
    taker = _RowTaker(session, site, upload.id, is_consent_assumed, actor, now)
    rows = stored_rows(session, VisitImportRow, upload)
    for row in rows:
        if row.outcome == "good":
            taker.take(row)
    upload.state, upload.imported_at = "imported", now
    outcomes = Counter(row.outcome for row in rows)
    result = ImportResult(
        outcomes["imported"], outcomes["duplicate"], outcomes["bad"], taker.plan["planned"], taker.plan["skipped"]
    )
    _tell(session, upload, result, is_consent_assumed, actor, now)
    return result


class _RowTaker:
    """Takes rows in one by one, within one transaction."""

    def __init__(
        self, session: Session, site: Site, import_id: str, is_consent_assumed: bool, actor: Actor, now: datetime
    ) -> None:
        self._session = session
        self._site = site
        self._import_id = import_id
        self._is_consent_assumed = is_consent_assumed
        self._actor = actor
        self._now = now
        self._planner = FollowUpPlanner(session, site, actor=actor, now=now)
        self.plan: Counter[str] = Counter()

    def take(self, row: VisitImportRow) -> None:
        checked, _ = check_row(json.loads(row.content), ZoneInfo(self._site.zone), self._now)
        if checked is None:  # cannot happen unless the clock went back behind the hand-over
            row.outcome = "bad"
            return
        if _known_orders(self._session, self._site.id, [checked]) & {(checked.kind, checked.order_number)}:
            row.outcome = "duplicate"
            return
        visit = self._create_visit(checked)
        row.outcome, row.visit_id = "imported", visit.id
        self.plan.update(follow_up.state for follow_up in self._planner.plan_visit(visit))

    def _create_visit(self, checked: CheckedVisit) -> Visit:
        data = CustomerData(checked.customer_name, checked.customer_title, checked.phone)
        customer = find_or_create_customer(
            self._session, data, site_id=self._site.id, actor=self._actor, now=self._now
        )
        vehicle = find_or_create_vehicle(
            self._session,
            checked.vin,
            plate=checked.plate,
            model=checked.model,
            holder=customer,
            site_id=self._site.id,
            actor=self._actor,
            now=self._now,
        )
        self._record_consent(customer.id, checked)
        visit = Visit(
            id=new_id(),
            site_id=self._site.id,
            kind=checked.kind,
            order_number=checked.order_number,
            customer_id=customer.id,
            vehicle_id=vehicle.id,
            handed_over_at=checked.handed_over_at,
            invoiced_on=checked.invoiced_on,
            sent_in_by=checked.sent_in_by,
            contact_phone=checked.contact_phone,
            best_time=checked.best_time,
            advisor=checked.advisor,
            work_done=checked.work_done,
            amount=checked.amount,
            mileage=checked.mileage,
            import_id=self._import_id,
            created_at=self._now,
        )
        self._session.add(visit)
        self._session.flush()
        return visit

    def _record_consent(self, customer_id: str, checked: CheckedVisit) -> None:
        if checked.consent is None and not self._is_consent_assumed:
            return
        state = "refused" if checked.consent is False else "given"
        source = "import_assumed" if checked.consent is None else "import"
        record_consent(self._session, customer_id, state, source=source, actor=self._actor, now=self._now)


def _tell(
    session: Session, upload: VisitImport, result: ImportResult, is_consent_assumed: bool, actor: Actor, now: datetime
) -> None:
    body = {
        "import_id": upload.id,
        "file_name": upload.file_name,
        "sha256": upload.sha256,
        "is_consent_assumed": is_consent_assumed,
        "imported": result.imported,
        "duplicate": result.duplicate,
        "bad": result.bad,
        "planned": result.planned,
        "skipped": result.skipped,
    }
    append_events(
        session,
        CONFIGURATION_STREAM,
        [Event("visits_imported", body=body)],
        actor=actor,
        now=now,
        site_id=upload.site_id,
    )
