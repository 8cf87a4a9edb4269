"""`aftercare create-user`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.errors import InvalidInput
from app.i18n import LOCALES, N_
from app.operations.actor import SYSTEM
from app.operations.passwords import generate_password
from app.operations.users import NewUser
from app.operations.users import create_user as create


@click.command(help=_("Create a user. Prints a generated password, which must be changed at the first sign-in."))
@click.argument("user_id")
@click.option("--name", required=True, help=_("The person's name as others read it."))
@click.option(
    "--member", "members", multiple=True, metavar="GROUP@SITE",
    help=_("A group at a site, such as cr_advisor@hq; may be given several times."),
)
@click.option("--locale", type=click.Choice(LOCALES), default=None, help=_("The browser's where none is given."))
@click.option("--ask-password", is_flag=True, help=_("Ask for the password instead of generating one."))
def create_user(user_id: str, name: str, members: tuple[str, ...], locale: str | None, *, ask_password: bool) -> None:
    """Create one user in a transaction of its own."""
    new = NewUser(user_id, name, tuple(membership(member) for member in members), locale=locale or "")
    password = ask_for_password() if ask_password else generate_password()
    with writing(JOB_WAIT_SECONDS), open_sessions(settings()).begin() as session:
        create(session, new, password, actor=SYSTEM, now=real_clock())
    click.echo(_("Created the user %(user_id)s.") % {"user_id": user_id})
    if not ask_password:
        click.echo(_("Password for the first sign-in: %(password)s") % {"password": password})


def ask_for_password() -> str:
    """Ask twice, without showing it."""
    return str(click.prompt(_("New password"), hide_input=True, confirmation_prompt=True))


def membership(text: str) -> tuple[str, str]:
    """(group, site) of a text such as cr_advisor@hq; raises InvalidInput."""
    group, separator, site = text.partition("@")
    if not (group and separator and site):
        raise InvalidInput(N_("“%(text)s” is not of the form GROUP@SITE."), text=text)
    return group, site
