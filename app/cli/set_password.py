"""`aftercare set-password`"""

import click

from app.cli.create_user import ask_for_password
from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.passwords import generate_password
from app.operations.users import set_password as set_new_password


@click.command(help=_("Give a user a new password and end all sessions; the user changes it at the next sign-in."))
@click.argument("user_id")
@click.option("--ask-password", is_flag=True, help=_("Ask for the password instead of generating one."))
def set_password(user_id: str, *, ask_password: bool) -> None:
    """For people who forgot theirs; needs no mail server."""
    password = ask_for_password() if ask_password else generate_password()
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        set_new_password(session, user_id, password, actor=SYSTEM, now=real_clock())
    if ask_password:
        click.echo(_("The password is changed."))
    else:
        click.echo(_("Password for the first sign-in: %(password)s") % {"password": password})
