"""`aftercare second-factor`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.second_factor import require_second_factor
from app.operations.user_accounts import reset_second_factor


@click.group(help=_("Codes of an authenticator at sign-in: who must have them, and who has lost them."))
def second_factor() -> None:
    """Everybody else does this on the own account page."""


@second_factor.command(help=_("Let the members of GROUP in with a second factor only."))
@click.argument("group")
@click.option("--off", "is_off", is_flag=True, help=_("Do not demand it any more."))
def require(group: str, *, is_off: bool) -> None:
    """Also of those who are signed in this moment."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        require_second_factor(session, group, is_required=not is_off, actor=SYSTEM, now=real_clock())
    click.echo(
        _("Not demanded of %(group)s any more.") % {"group": group}
        if is_off
        else _("Demanded of %(group)s.") % {"group": group}
    )


@second_factor.command(help=_("USER has lost phone and recovery codes: remove the authenticator, end all sessions."))
@click.argument("user")
def reset(user: str) -> None:
    """Whoever runs this has made sure who asks."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        reset_second_factor(session, user, actor=SYSTEM, now=real_clock())
    click.echo(
        _("%(user)s signs in with the password alone, and sets up a new authenticator where one is demanded.")
        % {"user": user}
    )
