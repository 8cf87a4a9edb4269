"""`aftercare enable-user`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.user_accounts import enable_user as enable


@click.command(help=_("Let a disabled user sign in again."))
@click.argument("user_id")
def enable_user(user_id: str) -> None:
    """In a transaction of its own."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        enable(session, user_id, actor=SYSTEM, now=real_clock())
    click.echo(_("The user %(user_id)s can sign in again.") % {"user_id": user_id})
