"""`aftercare worker`"""

import click

from app.cli.frame import open_sessions, refuse_unsafe_databases, settings
from app.cli.language import _
from app.clock import engine_clock
from app.worker import Worker, job_surroundings


@click.command(help=_("Run the jobs (timers, messages, connectors) in a process of their own; several may run."))
def worker() -> None:
    """Work until SIGTERM or Ctrl-C; jobs in hand are finished."""
    config = settings()
    sessions = open_sessions(config)
    if config.is_production:
        refuse_unsafe_databases(sessions)
    click.echo(_("The worker runs (stop with Ctrl-C)."))
    Worker(sessions, engine_clock(config), job_surroundings(config, sessions)).run_until_signal()
