"""The search index keeps its place in the sealed history where the others who follow it keep theirs."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    progress = sa.table("search_progress", sa.column("position", sa.BigInteger()), sa.column("version", sa.Integer()))
    positions = sa.table("feed_position", sa.column("name", sa.String()), sa.column("position", sa.String()))
    position, version = connection.execute(sa.select(progress.c.position, progress.c.version)).one()
    rows = {"search": str(position), "search_rules": str(version)}
    connection.execute(sa.insert(positions), [{"name": name, "position": at} for name, at in rows.items()])
    op.drop_table("search_progress")


def downgrade() -> None:
    raise DowngradeRefused
