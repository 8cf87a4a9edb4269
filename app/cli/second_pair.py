"""`aftercare second-pair`"""

from collections.abc import Callable

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.actor import SYSTEM
from app.operations.second_pairs import name_second_pair, remove_second_pair


@click.group("second-pair", help=_("Who of another site does what nobody of a small site may do (four eyes)."))
def second_pair() -> None:
    """Name and remove."""


@second_pair.command("name", help=_("Name a person of another site; what waits is offered to the person."))
@click.argument("site_id")
@click.argument("user_id")
@click.option("--reason", required=True, help=_("Kept in the history."))
def name(site_id: str, user_id: str, reason: str) -> None:
    """In a transaction of its own."""
    _change(name_second_pair, site_id, user_id, reason)
    click.echo(_("%(user)s is a second pair of eyes of %(site)s.") % {"user": user_id, "site": site_id})


@second_pair.command("remove", help=_("Ask a person no more."))
@click.argument("site_id")
@click.argument("user_id")
@click.option("--reason", required=True, help=_("Kept in the history."))
def remove(site_id: str, user_id: str, reason: str) -> None:
    """In a transaction of its own."""
    _change(remove_second_pair, site_id, user_id, reason)
    click.echo(_("%(user)s is no second pair of eyes of %(site)s any more.") % {"user": user_id, "site": site_id})


def _change(change: Callable[..., None], site_id: str, user_id: str, reason: str) -> None:
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        change(session, site_id, user_id, reason=reason, actor=SYSTEM, now=real_clock())
