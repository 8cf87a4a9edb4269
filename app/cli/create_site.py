"""`aftercare create-site`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.sites import create_site as create


@click.command(help=_("Create a dealership or outlet, with the usual groups and a working calendar."))
@click.argument("site_id")
@click.option("--name", required=True, help=_("The site's name as people read it."))
@click.option("--zone", default="Asia/Shanghai", show_default=True, help=_("The time zone of its working hours."))
@click.option("--outlet", "is_outlet", is_flag=True, help=_("It is a second-tier outlet."))
def create_site(site_id: str, name: str, zone: str, *, is_outlet: bool) -> None:
    """The first thing to do on a fresh database; users come next."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        unknown = create(session, site_id, name, zone=zone, is_outlet=is_outlet, actor=SYSTEM, now=real_clock())
    click.echo(_("Created the site %(site_id)s.") % {"site_id": site_id})
    for year in unknown:
        click.echo(_("The public holidays of %(year)s are not known yet: enter them when they are.") % {"year": year})
