"""Reports as files: a workbook, CSV or PDF. Each is recorded before it is handed over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, current_app, render_template

from app.errors import InvalidInput
from app.extensions import db
from app.i18n import N_
from app.operations.report_exports import record_export
from app.reports.tally import Scope
from app.spreadsheets import csv_of, xlsx_file
from app.web.current import current_actor, current_person, current_time
from app.web.downloads import download
from app.web.rate_limits import within_limit
from app.web.report_tables import ReportTable
from app.web.stored_files import SANDBOX
from app.web.transactions import write_transaction

MEDIA_TYPES: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A report on paper: the template of its page and what it shows."""

    template: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report to be handed over: its id for the record, what it is of, its name, and its content in each form.

    `flat` is its CSV, which holds one table: where there is none the last of `tables`. Without `paper` there is no PDF.
    """

    report: str
    scope: Scope
    period: str
    name: str
    tables: Sequence[ReportTable]
    above: Sequence[str]
    paper: Paper | None = None
    flat: ReportTable | None = None

    def content(self, form: str) -> bytes:
        """The file itself; a PDF takes a second or two. Raises InvalidInput for a form there is none of."""
        if form == "pdf" and self.paper is not None:
            return self._pdf(self.paper)
        if form == "xlsx":
            return xlsx_file([table.sheet(self.above) for table in self.tables], title=self.name)
        if form == "csv":
            return csv_of((self.flat or self.tables[-1]).sheet())
        raise InvalidInput(N_("A report can be had as XLSX, CSV or PDF."))

    def _pdf(self, paper: Paper) -> bytes:
        made_by = current_person().display_name
        page = render_template(paper.template, made=_now(), made_by=made_by, **paper.values)
        db.session.rollback()  # nobody waits for a connection while the document is made
        make: Callable[[str, str], bytes] = current_app.extensions["documents"]
        return make(page, "pdf")


def hand_over(file: ReportFile, form: str) -> Response:
    """Record the export and answer with the file. Raises InvalidInput for a form there is none of."""
    within_limit("export")
    content = file.content(form)
    db.session.rollback()
    with write_transaction():
        record_export(
            db.session(), file.report, form, site_ids=file.scope.site_ids, period=file.period, actor=current_actor(),
            now=current_time(),
        )  # fmt: skip
    answer = download(content, f"{file.name}.{form}", MEDIA_TYPES[form])
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _now() -> str:
    now: datetime = current_time()
    return f"{now.astimezone(current_person().zone):%Y-%m-%d %H:%M}"
