"""`aftercare verify-history`"""

from pathlib import Path

import click

from app.cli.frame import session_on, settings
from app.cli.language import _
from app.files import FileStore
from app.operations.attachment_verification import FilesResult, verify_attachments
from app.operations.history_checkpoints import newest_checkpoint, read_checkpoints
from app.operations.history_verification import VerifyResult
from app.operations.history_verification import verify_history as verify


@click.command(help=_("Read the whole history and say whether anything in it was changed, removed or added."))
@click.option(
    "--checkpoints", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("A file of checkpoints kept outside, one a line, to hold the history against."),
)
@click.option("--print-checkpoint", is_flag=True, help=_("If intact, print the newest checkpoint, to be kept outside."))
@click.pass_context
def verify_history(context: click.Context, checkpoints: Path | None, *, print_checkpoint: bool) -> None:
    """Exits with status 1 when something is broken."""
    kept_outside = read_checkpoints(checkpoints.read_text(encoding="utf-8")) if checkpoints else ()
    config = settings()
    with session_on(config.database_url, config.keys_database_url) as session:
        result = verify(session, kept_outside)
        files = verify_attachments(session, FileStore(config.files_dir))
        newest = newest_checkpoint(session) if print_checkpoint and result.is_intact else None
    _print(result, is_quiet=print_checkpoint)
    tell_files(files, is_quiet=print_checkpoint)
    if newest:
        click.echo(newest.line)
    if not result.is_intact or not files.is_intact:
        context.exit(1)


def tell_files(result: FilesResult, *, is_quiet: bool = False) -> None:
    """Say what became of the files of cases."""
    for finding in result.findings:
        click.echo(_("BROKEN: %(what)s") % {"what": _(finding.msgid) % finding.params}, err=True)
    if result.is_intact:
        counts = {"files": result.intact, "erased": result.erased}
        click.echo(_("%(files)s files of cases are as they were added; %(erased)s are erased.") % counts, err=is_quiet)


def _print(result: VerifyResult, *, is_quiet: bool) -> None:
    counts = {
        "events": result.events, "streams": result.streams, "seals": result.seals, "unsealed": result.unsealed,
    }
    text = _("%(events)s events in %(streams)s streams under %(seals)s seals, %(unsealed)s not sealed yet.") % counts
    click.echo(text, err=is_quiet)  # alone on the standard output, a checkpoint can be appended to a file
    for finding in result.findings:
        click.echo(_("BROKEN: %(what)s") % {"what": _(finding.msgid) % finding.params}, err=True)
    if result.is_intact:
        click.echo(_("The history is intact."), err=is_quiet)
