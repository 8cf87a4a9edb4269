"""`aftercare outgoing`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.outgoing_switch import is_outgoing_on, switch_outgoing


@click.command(help=_("Let mail, webhooks and connectors leave, or hold them back; without on or off: say how it is."))
@click.argument("state", required=False, type=click.Choice(["on", "off"]))
@click.option("--reason", default="", help=_("Why; kept in the history."))
def outgoing(state: str | None, reason: str) -> None:
    """A restored copy begins with everything held back: it must not write to customers."""
    sessions = open_sessions(settings())
    if state is not None:
        with writing(JOB_WAIT_SECONDS), sessions.begin() as session:
            switch_outgoing(session, is_on=state == "on", reason=reason, actor=SYSTEM, now=real_clock())
    with sessions() as session:
        is_on = is_outgoing_on(session)
    click.echo(_("Messages leave.") if is_on else _("Nothing leaves: what waits is kept."))
