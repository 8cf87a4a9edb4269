"""`aftercare upgrade-database`"""

import click

from app.cli.frame import settings
from app.cli.language import _
from app.config import Config
from app.database import upgrade_database as upgrade_main_database
from app.database import upgrade_keys_database


@click.command(help=_("Bring the databases to the shape of this release; safe to run again."))
def upgrade_database() -> None:
    """Upgrade both databases."""
    upgrade_both(settings())
    click.echo(_("The databases are up to date."))


def upgrade_both(config: Config) -> None:
    """The main database first: keys without rows are harmless, rows without keys are not readable."""
    upgrade_main_database(config.database_url)
    upgrade_keys_database(config.keys_database_url)
