"""`aftercare change-groups`"""

import click

from app.cli.create_user import membership
from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.memberships import change_memberships


@click.command(help=_("Put USER into groups and take the user out of others, such as cr_advisor@hq; counts at once."))
@click.argument("user")
@click.option("--add", "added", multiple=True, metavar="GROUP@SITE", help=_("May be given several times."))
@click.option("--remove", "removed", multiple=True, metavar="GROUP@SITE", help=_("May be given several times."))
@click.option("--reason", required=True, help=_("Why; kept in the history."))
def change_groups(user: str, added: tuple[str, ...], removed: tuple[str, ...], reason: str) -> None:
    """In a transaction of its own."""
    new, old = [membership(text) for text in added], [membership(text) for text in removed]
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        change_memberships(session, user, added=new, removed=old, reason=reason, actor=SYSTEM, now=real_clock())
    click.echo(_("The groups of %(user)s are changed.") % {"user": user})
