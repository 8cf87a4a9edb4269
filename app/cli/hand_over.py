"""`aftercare hand-over`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.models.open_work import open_user_tasks_of
from app.operations.actor import SYSTEM
from app.operations.hand_overs import hand_over_work


@click.command(help=_("USER leaves: close the account and hand everything open over; the worker does it one by one."))
@click.argument("user")
@click.option("--to", "successor", metavar="USER", help=_("Who goes on with it; without, the groups of each task."))
@click.option("--reason", required=True, help=_("Why; kept in the history."))
def hand_over(user: str, successor: str | None, reason: str) -> None:
    """Order it in a transaction of its own."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        count = len(open_user_tasks_of(session, user))
        hand_over_work(session, user, successor_id=successor, reason=reason, actor=SYSTEM, now=real_clock())
    click.echo(
        _("The account of %(user)s is closed; %(count)s open tasks are handed over.") % {"user": user, "count": count}
    )
