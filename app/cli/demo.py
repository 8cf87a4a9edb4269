"""`aftercare demo`"""

import os
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session, sessionmaker

from app.cli.demo_history import build_history
from app.cli.frame import open_sessions
from app.cli.language import _
from app.cli.server import Server
from app.cli.upgrade_database import upgrade_both
from app.clock import real_clock
from app.config import Config, load_config
from app.database import JOB_WAIT_SECONDS, writing
from app.operations.demo_data import (
    DEMO_USERS,
    ZONE,
    add_todays_data,
    create_demo_data,
    is_demo_data_there,
    is_todays_data_there,
)
from app.operations.follow_up_occasions import months_after
from app.operations.shipped import shipped_resources

SIGN_IN_FILE = "demo-sign-in.txt"


@click.command(help=_("Try the product: sample users and data in ./var, served on this machine only."))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--prepare-only", is_flag=True, help=_("Make the sample data, do not serve."))
@click.option(
    "--months", default=14, show_default=True, type=click.IntRange(0, 14),
    help=_("How many months of history to live through first."),
)  # fmt: skip
def demo(port: int, months: int, *, prepare_only: bool) -> None:
    """Prepare what is missing and serve; running it again keeps everything that was done."""
    config = load_config({**os.environ, "AFTERCARE_ENVIRONMENT": "demo", "AFTERCARE_PORT": str(port)})
    sign_in = config.data_dir / SIGN_IN_FILE
    server = None if prepare_only else Server(config, lambda: _print_welcome(config, sign_in))
    upgrade_both(config)
    _prepare(open_sessions(config), sign_in, months)
    if server is not None:
        server.run()


def _prepare(sessions: sessionmaker[Session], sign_in: Path, months: int) -> None:
    now, zone = real_clock(), ZoneInfo(ZONE)
    today = now.astimezone(zone).date()
    first = months_after(today.replace(day=1), -months) if months else today
    with writing(JOB_WAIT_SECONDS), sessions() as session:
        if is_todays_data_there(session):
            return
        is_new = not is_demo_data_there(session)
        if is_new:
            click.echo(_("Making the sample users …"))
            began = datetime.combine(first, time(), zone) if months else now
            passwords = create_demo_data(session, shipped_resources(), now=began)
            _write_secret(sign_in, "".join(f"{user}\t{password}\n" for user, password in passwords.items()))
            session.commit()
    if months and is_new:
        click.echo(_("Living through %(count)s months of their work; this takes minutes.") % {"count": months})
        build_history(sessions, first, today, zone, lambda day: click.echo(f"  {day:%Y-%m}"))
    with writing(JOB_WAIT_SECONDS), sessions() as session:
        click.echo(_("Importing the sample export …"))
        add_todays_data(session, now=real_clock())
        session.commit()


def _write_secret(file: Path, text: str) -> None:
    """Readable for the owner only; written before the commit, so that no user is ever without a known password."""
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def _print_welcome(config: Config, sign_in: Path) -> None:
    people = {user.id: user for user in DEMO_USERS}
    lines = sign_in.read_text(encoding="utf-8").splitlines() if sign_in.exists() else []
    click.echo(_("Aftercare is served at %(address)s (stop with Ctrl-C).") % {"address": config.public_url})
    click.echo(_("Sign in as one of these (also in %(file)s):") % {"file": sign_in})
    for line in lines:
        user_id, password = line.split("\t")
        user = people[user_id]
        click.echo(f"  {user_id:8} {password:24} {user.name}  {', '.join(user.groups)} @ {user.site_id}")
