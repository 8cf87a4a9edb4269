"""`aftercare password-link`"""

import click

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.errors import NotFound
from app.i18n import N_
from app.models import User
from app.operations.actor import SYSTEM
from app.operations.password_links import VALID_FOR, new_link_token, password_link_path, store_password_link
from app.operations.sign_in import hash_token


@click.command(help=_("Print a link with which USER_ID chooses a new password; good once, for a quarter of an hour."))
@click.argument("user_id")
def password_link(user_id: str) -> None:
    """For people who forgot theirs; needs no mail server."""
    config, token = settings(), new_link_token()
    with writing(JOB_WAIT_SECONDS), open_sessions(config).begin() as session:
        if session.get(User, user_id) is None:
            raise NotFound(N_("There is no user “%(user_id)s”."), user_id=user_id)
        store_password_link(session, user_id, hash_token(token), actor=SYSTEM, now=real_clock())
    click.echo(config.public_url + password_link_path(token))
    click.echo(_("Good once, within %(minutes)s minutes.") % {"minutes": int(VALID_FOR.total_seconds() // 60)})
