"""Saved filters may be views of the inbox, private or shared with a group; a person may begin with one of them."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("saved_filter") as batch:
        batch.add_column(sa.Column("view", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("process_key", sa.String(length=100), nullable=True))
        batch.add_column(sa.Column("search", sa.String(length=200), server_default="", nullable=False))
        batch.add_column(sa.Column("group_id", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("site_id", sa.String(length=32), nullable=True))
        batch.create_foreign_key("fk_saved_filter_group_id", "group", ["group_id"], ["id"])
        batch.create_foreign_key("fk_saved_filter_site_id", "site", ["site_id"], ["id"])
    op.create_index("ix_saved_filter_shared", "saved_filter", ["group_id", "site_id"])
    op.add_column("user", sa.Column("start_filter_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    raise DowngradeRefused
