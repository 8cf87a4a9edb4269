"""`aftercare disable-user`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.user_accounts import disable_user as disable


@click.command(help=_("Sign a user out everywhere and let nobody sign in with that name again."))
@click.argument("user_id")
def disable_user(user_id: str) -> None:
    """Disable one user in a transaction of its own."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        disable(session, user_id, actor=SYSTEM, now=real_clock())
    click.echo(_("The user %(user_id)s can no longer sign in.") % {"user_id": user_id})
