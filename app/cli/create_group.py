"""`aftercare create-group`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.groups import create_group as create


@click.command("create-group", help=_("Add a group that diagrams may name."))
@click.argument("group_id")
@click.option("--name-zh", required=True, help=_("Its Chinese name."))
@click.option("--name-en", required=True, help=_("Its English name."))
def create_group(group_id: str, name_zh: str, name_en: str) -> None:
    """In a transaction of its own."""
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        create(session, group_id, name_zh=name_zh, name_en=name_en, actor=SYSTEM, now=real_clock())
    click.echo(_("Created the group %(group)s.") % {"group": group_id})
