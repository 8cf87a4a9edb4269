"""`aftercare run`"""

import click

from app.cli.frame import settings
from app.cli.language import _
from app.cli.server import Server
from app.cli.upgrade_database import upgrade_both


@click.command(help=_("Serve the product, by default on this machine only; upgrades the databases first."))
def run() -> None:
    """One process for everything; AFTERCARE_WORKER_IN_PROCESS=0 leaves the jobs to `aftercare worker`."""
    config = settings()
    upgrade_both(config)
    click.echo(_("Aftercare is served at %(address)s (stop with Ctrl-C).") % {"address": config.public_url})
    Server(config).run()
