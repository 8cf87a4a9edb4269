"""`aftercare move-clock`"""

from datetime import timedelta

import click

from app.cli.frame import settings
from app.cli.language import _
from app.clock import move_clock as move
from app.errors import NotAllowed
from app.i18n import N_


@click.command(help=_("Move the clock of the cases ahead, for demonstrations (needs AFTERCARE_TEST_CLOCK=1)."))
@click.option("--days", type=click.IntRange(0, 3660), default=0)
@click.option("--hours", type=click.IntRange(0, 1000), default=0)
@click.option("--minutes", type=click.IntRange(0, 1000), default=0)
def move_clock(days: int, hours: int, minutes: int) -> None:
    """Sessions and passwords keep the real time."""
    config = settings()
    if not config.test_clock:
        raise NotAllowed(N_("The clock can be moved only where AFTERCARE_TEST_CLOCK is on."))
    ahead = move(config, timedelta(days=days, hours=hours, minutes=minutes))
    click.echo(_("The clock of the cases is now ahead by %(time)s.") % {"time": ahead})
