"""`aftercare run`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.cli.server import Server
from app.cli.upgrade_database import upgrade_both
from app.config import Config
from app.operations.users import has_users


@click.command(help=_("Serve the product, by default on this machine only; upgrades the databases first."))
def run() -> None:
    """One process for everything; AFTERCARE_WORKER_IN_PROCESS=0 leaves the jobs to `aftercare worker`."""
    config = settings()
    server = Server(config, lambda: _print_welcome(config))
    upgrade_both(config)
    server.run()


def _print_welcome(config: Config) -> None:
    click.echo(_("Aftercare is served at %(address)s (stop with Ctrl-C).") % {"address": config.public_url})
    with open_sessions(config)() as session:
        if not has_users(session):
            click.echo(_("Nobody can sign in yet. With the same settings, run:"))
            for line in FIRST_STEPS:
                click.echo(f"  {line}")


# Also in README.md, where a test compares.
FIRST_STEPS = (
    'aftercare create-site hq --name "Head office"',
    "aftercare deploy",
    'aftercare create-user chief --name "Administrator" --member admin@hq --member process_owner@hq',
)
