"""Exports of the dealer system: uploaded, looked at row by row, imported, taken back."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.errors import NotFound
from app.extensions import db
from app.i18n import N_
from app.models import VisitImportRow
from app.models.file_import_queries import ROWS_PER_PAGE, ShownRow, shown_rows
from app.models.visit_import_queries import ImportSummary, is_consent_told, newest_imports
from app.models.visit_import_undo import undo_lines
from app.operations.visit_import_undo import undo_import
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import read_export
from app.web.api.shapes import Moment, Reason, Received, Shape
from app.web.api.subjects import Subject, Told
from app.web.body_limits import receives_files
from app.web.current import current_actor, current_person, current_time
from app.web.imports import existing_import, importable_sites
from app.web.permissions import Permission
from app.web.texts import gettext
from app.web.transactions import commits_itself, write_transaction
from app.web.uploaded_tables import posted_table

IMPORTS = Subject(
    "imports", N_("Imports"),
    N_("Exports of the dealer system (XLSX or CSV, as on the page of imports). An upload changes nothing: look at what "
       "it says of each row, then confirm it."),
)  # fmt: skip
MAY = Permission.IMPORT_VISITS
Outcome = Literal["good", "bad", "duplicate", "imported", "taken_back"]


class ImportState(Shape, frozen=True):
    """An upload, and how many of its rows are what."""

    id: str
    site: str
    state: Literal["preview", "imported", "taken_back"]
    file_name: str
    sha256: str
    uploaded_at: Moment
    uploaded_by: str
    imported_at: Moment | None
    rows: Annotated[dict[Outcome, int], Meta(description=N_("Counted by outcome"))]
    is_consent_told: Annotated[
        bool | None,
        Meta(description=N_("Whether each good row says if the customer agreed to be called; null in a list")),
    ] = None


class ImportList(Shape, frozen=True):
    """The newest uploads."""

    imports: list[ImportState]


class ImportRow(Shape, frozen=True):
    """A row of the file."""

    number: Annotated[int, Meta(description=N_("The line in the file; the header is line 1"))]
    outcome: Outcome
    texts: Annotated[dict[str, str], Meta(description=N_("What the file says, by field"))]
    problems: Annotated[dict[str, str], Meta(description=N_("Why it is refused, by field"))]


class ImportRows(Shape, frozen=True):
    """A page of rows."""

    rows: list[ImportRow]
    next: Annotated[int | None, Meta(description=N_("What to give as “after” for what follows; null at the end"))]


class ImportedNow(Shape, frozen=True):
    """What became of the rows, and of the follow-ups of those imported."""

    imported: int
    duplicate: int
    bad: int
    planned: int
    skipped: int


class UndoneNow(Shape, frozen=True):
    """How many visits went, how many stay because somebody works with them."""

    taken_back: int
    kept: int


class UndoVisit(Shape, frozen=True):
    """A visit of the import."""

    number: int
    visit: str
    order_number: str
    customer: str
    obstacle: Annotated[
        Literal["", "called", "in_case", "on_list"], Meta(description=N_("Why it stays; empty where it can go"))
    ]


class UndoPreview(Shape, frozen=True):
    """What taking the import back would do."""

    visits: list[UndoVisit]


class UploadedExport(Received, frozen=True):
    """What is sent beside the file."""

    site: Annotated[str, Meta(max_length=64, description=N_("Whose export; without it of the person's own site"))] = ""


class WantedRows(Received, frozen=True):
    """Which rows."""

    outcome: Outcome | None = None
    after: Annotated[int, Meta(ge=0, lt=2**31, description=N_("The number of the last row you have"))] = 0


class Confirming(Received, frozen=True):
    """The decision that goes with an import."""

    is_consent_assumed: Annotated[
        bool, Meta(description=N_("Customers of whom the file does not say so agreed to be called"))
    ] = False


class TakingBack(Received, frozen=True):
    """Why it is taken back."""

    reason: Reason


@IMPORTS.offers("GET", "/imports", MAY, "imports", Told(N_("List the newest imports")))
def list_imports() -> ImportList:
    """Of one's sites."""
    return ImportList([_state(one) for one in newest_imports(db.session(), importable_sites())])


@IMPORTS.offers(
    "POST", "/imports", MAY, "imports",
    Told(N_("Upload an export"), N_("Nothing is imported yet."), status=201, refuses=(404, 413)),
)  # fmt: skip
@receives_files
@commits_itself  # reading a large workbook takes seconds, in which nobody else could write
def upload_export(form: UploadedExport) -> ImportState:
    """Read the file; one that cannot be read is refused with the reason."""
    site_id = form.site or current_person().home_site_id or ""
    if site_id not in importable_sites():
        raise NotFound(N_("The site %(site)s does not exist."), site=site_id)
    export = posted_table(read_export)
    actor, now = current_actor(), current_time()
    with write_transaction():
        import_id = upload_visits(db.session(), export, site_id=site_id, actor=actor, now=now).id
    return _shown(import_id)


@IMPORTS.offers("GET", "/imports/<import_id>", MAY, "imports", Told(N_("Show an import")))
def show_import(import_id: str) -> ImportState:
    """How far it is."""
    return _shown(import_id)


@IMPORTS.offers(
    "GET", "/imports/<import_id>/rows", MAY, "imports",
    Told(N_("List the rows of an import"), N_("With “outcome” set to bad those that are refused, and why.")),
)  # fmt: skip
def list_import_rows(import_id: str, query: WantedRows) -> ImportRows:
    """In the order of the file."""
    existing_import(import_id)
    rows = shown_rows(db.session(), VisitImportRow, import_id, query.outcome, query.after)
    page = rows[:ROWS_PER_PAGE]
    return ImportRows([_row(row) for row in page], page[-1].number if len(rows) > ROWS_PER_PAGE else None)


@IMPORTS.offers(
    "POST", "/imports/<import_id>/confirm", MAY, "imports",
    Told(N_("Import the good rows"), N_("Once only: a second time is refused.")),
)  # fmt: skip
def confirm_import(import_id: str, body: Confirming) -> ImportedNow:
    """Customers, vehicles, visits and the plan of their follow-ups."""
    existing_import(import_id)
    assumed = body.is_consent_assumed
    found = import_good_rows(
        db.session(), import_id, is_consent_assumed=assumed, actor=current_actor(), now=current_time()
    )
    return ImportedNow(found.imported, found.duplicate, found.bad, found.planned, found.skipped)


@IMPORTS.offers("GET", "/imports/<import_id>/undo", MAY, "imports", Told(N_("See what taking an import back would do")))
def preview_undo(import_id: str) -> UndoPreview:
    """Visit by visit."""
    existing_import(import_id)
    lines = undo_lines(db.session(), import_id)
    return UndoPreview(
        [
            UndoVisit(line.number, line.visit_id, line.order_number, line.customer, line.obstacle)  # type: ignore[arg-type]
            for line in lines
        ]
    )


@IMPORTS.offers(
    "POST", "/imports/<import_id>/undo", MAY, "imports",
    Told(N_("Take an import back"), N_("Visits that somebody works with already stay.")),
)  # fmt: skip
def take_import_back(import_id: str, body: TakingBack) -> UndoneNow:
    """Visits nobody was called about go, with their plan."""
    existing_import(import_id)
    found = undo_import(db.session(), import_id, reason=body.reason, actor=current_actor(), now=current_time())
    return UndoneNow(found.taken_back, found.kept)


def _state(summary: ImportSummary) -> ImportState:
    upload = summary.upload
    return ImportState(
        id=upload.id, site=upload.site_id, state=upload.state, file_name=upload.file_name,  # type: ignore[arg-type]
        sha256=upload.sha256, uploaded_at=upload.uploaded_at, uploaded_by=upload.uploaded_by,
        imported_at=upload.imported_at, rows={**summary.counts},  # type: ignore[dict-item]
    )  # fmt: skip


def _shown(import_id: str) -> ImportState:
    found = _state(existing_import(import_id))
    return msgspec.structs.replace(found, is_consent_told=is_consent_told(db.session(), import_id))


def _row(row: ShownRow) -> ImportRow:
    problems = {name: gettext(msgid, **params) for name, (msgid, params) in row.problems.items()}
    return ImportRow(row.number, row.outcome, row.texts, problems)  # type: ignore[arg-type]
