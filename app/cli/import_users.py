"""`aftercare import-users`"""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.cli.frame import open_sessions, settings
from app.cli.language import _
from app.clock import real_clock
from app.database import JOB_WAIT_SECONDS, writing
from app.models import UserImportRow
from app.models.file_import_queries import shown_rows
from app.operations.actor import SYSTEM
from app.operations.passwords import generate_password, hash_password
from app.operations.user_imports import import_users as take_in
from app.operations.user_imports import new_users_of, read_people, upload_users


@click.command(
    help=_("Import a list of people (CSV or XLSX). Without --confirm nothing is stored: look at the rows first.")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--confirm", metavar="REASON", help=_("Take the rows in, for this reason; prints the passwords once."))
def import_users(file: Path, confirm: str | None) -> None:
    """Look at the rows, then take them in; each in a transaction of its own."""
    people, sessions, now = read_people(file.read_bytes(), file.name), open_sessions(settings()), real_clock()
    with writing(JOB_WAIT_SECONDS), sessions() as session:
        import_id = upload_users(session, people, actor=SYSTEM, now=now)
        _print_rows(session, import_id)
        if confirm is None:
            session.rollback()
            return
        session.commit()
        passwords = {user_id: generate_password() for user_id in new_users_of(session, import_id)}
    hashes = {user_id: hash_password(password) for user_id, password in passwords.items()}
    with writing(JOB_WAIT_SECONDS), sessions.begin() as session:
        result = take_in(session, import_id, password_hashes=hashes, reason=confirm, actor=SYSTEM, now=now)
    for user_id in result.new:
        click.echo(f"{user_id}\t{passwords[user_id]}")
    click.echo(_("%(new)s new, %(changed)s changed.") % {"new": len(result.new), "changed": result.changed})


def _print_rows(session: Session, import_id: str) -> None:
    after = 0
    while rows := shown_rows(session, UserImportRow, import_id, None, after):
        for row in rows:
            problems = "; ".join(_(msgid) % params if params else _(msgid) for msgid, params in row.problems.values())
            click.echo(f"{row.number}\t{row.outcome}\t{row.texts['id']}\t{problems}")
        after = rows[-1].number
