"""`aftercare sample-export FILE`"""

import io
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import openpyxl

from app.cli.language import _
from app.clock import real_clock
from app.errors import InvalidInput
from app.i18n import N_
from app.visit_files import sample_csv, sample_table

ENCODINGS = ("utf-8-sig", "gb18030")
DEFAULT_ZONE = ZoneInfo("Asia/Shanghai")


@click.command(
    help=_("Write a realistic export of a dealer system with invented people, to try the import (.csv, .xlsx).")
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rows", default=420, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--seed", default=7, show_default=True, help=_("Another number gives other people."))
@click.option("--encoding", default="gb18030", show_default=True, type=click.Choice(ENCODINGS))
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help=_("The day of the export; by default today."))
def sample_export(file: Path, rows: int, seed: int, encoding: str, today: object) -> None:
    """Write the sample."""
    day = today.date() if hasattr(today, "date") else real_clock().astimezone(DEFAULT_ZONE).date()
    file.write_bytes(_content(file.suffix.lower(), rows, day, seed, encoding))
    click.echo(_("Wrote %(rows)d rows to %(file)s.") % {"rows": rows, "file": file})


def _content(suffix: str, rows: int, day: date, seed: int, encoding: str) -> bytes:
    table = sample_table(rows, day, seed)
    if suffix == ".csv":
        return sample_csv(table, encoding)
    if suffix == ".xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in table:
            sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()
    raise InvalidInput(N_("The file's name must end in .csv or .xlsx."))
