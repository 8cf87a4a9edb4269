"""`aftercare run`"""

import click

from app.cli.disk_reserve import keep_reserve
from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.cli.server import Server
from app.cli.upgrade_database import upgrade_both
from app.clock import real_clock
from app.config import Config
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.first_run import issue_first_run_token

FIRST_PAGE = "/set-up"


@click.command(help=_("Serve the product, by default on this machine only; upgrades the databases first."))
@click.option("--test-clock", is_flag=True, help=_("Let the clock of the cases be moved; never in production."))
def run(*, test_clock: bool) -> None:
    """One process for everything; AFTERCARE_WORKER_IN_PROCESS=0 leaves the jobs to `aftercare worker`."""
    config = settings(AFTERCARE_TEST_CLOCK="1") if test_clock else settings()
    server = Server(config, lambda: _print_welcome(config))
    upgrade_both(config)
    keep_reserve(config.data_dir)
    server.run()


def _print_welcome(config: Config) -> None:
    click.echo(_("Aftercare is served at %(address)s (stop with Ctrl-C).") % {"address": config.public_url})
    with writing(JOB_WAIT_SECONDS), open_sessions(config).begin() as session:
        token = issue_first_run_token(session, now=real_clock())
    if token:
        click.echo(_("Nobody can sign in yet. Open this page and give it the token, which is good once:"))
        click.echo(f"  {config.public_url}{FIRST_PAGE}")
        click.echo(f"  {token}")
