"""`aftercare rescan-files`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.errors import AppError
from app.i18n import N_
from app.operations.attachment_jobs import scan_all_files


@click.command(help=_("Have all files of cases scanned for threats, those too that no scanner has seen yet."))
def rescan_files() -> None:
    """The worker scans them one by one; a file with a threat is locked away."""
    config = settings()
    if not config.scanner:
        raise AppError(N_("There is no scanner: set AFTERCARE_SCANNER first."))
    with writing(JOB_WAIT_SECONDS), open_sessions(config)() as session:
        count = scan_all_files(session, real_clock())
        session.commit()
    click.echo(_("Files that will be scanned: %(count)s") % {"count": count})
