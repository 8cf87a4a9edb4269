"""`aftercare import visits FILE`"""

import json
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.models import VisitImport, VisitImportRow
from app.operations.actor import Actor
from app.operations.visit_imports import import_good_rows, upload_visits
from app.visit_files import COLUMNS, read_export

LABELS = {column.field: column.label for column in COLUMNS}
COMMAND_LINE = Actor("command-line", kind="program")


@click.group(name="import", help=_("Take in data of other systems."))
def import_() -> None:
    """The group of the imports."""


@import_.command(
    name="visits", help=_("Import repair orders and deliveries from a dealer system's export (CSV, XLSX).")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_id", default="main", show_default=True, help=_("The site the visits belong to."))
@click.option("--dry-run", is_flag=True, help=_("Only say what is in the file."))
@click.option(
    "--assume-consent", is_flag=True, help=_("Customers of whom the file does not say so agreed to be called.")
)
def visits(file: Path, site_id: str, *, dry_run: bool, assume_consent: bool) -> None:
    """Preview, say what is wrong row by row, then import the good rows once."""
    export = read_export(file.read_bytes(), file.name)
    with writing(JOB_WAIT_SECONDS), open_sessions(settings())() as session:
        now = real_clock()
        upload = upload_visits(session, export, site_id=site_id, actor=COMMAND_LINE, now=now)
        _print_preview(session, upload)
        if dry_run:
            return
        result = import_good_rows(session, upload.id, is_consent_assumed=assume_consent, actor=COMMAND_LINE, now=now)
        session.commit()
    click.echo(
        _("Imported: %(imported)d. Known already: %(duplicate)d. To be mended: %(bad)d.")
        % {"imported": result.imported, "duplicate": result.duplicate, "bad": result.bad}
    )
    click.echo(
        _("Follow-ups planned: %(planned)d, skipped: %(skipped)d.")
        % {"planned": result.planned, "skipped": result.skipped}
    )


def _print_preview(session: Session, upload: VisitImport) -> None:
    rows = session.scalars(
        select(VisitImportRow).where(VisitImportRow.import_id == upload.id).order_by(VisitImportRow.number)
    ).all()
    click.echo(_("%(file)s: %(rows)d rows") % {"file": upload.file_name, "rows": len(rows)})
    for row in rows:
        for field, msgid, params in json.loads(row.problems):
            text = _(msgid) % params if params else _(msgid)
            line = _("  line %(line)d, %(field)s: %(text)s")
            click.echo(line % {"line": row.number, "field": _(LABELS[field]), "text": text})
