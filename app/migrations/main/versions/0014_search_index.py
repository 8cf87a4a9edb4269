"""The search index; a database that has cases already is indexed by the worker from the beginning of its history."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_case",
        sa.Column("recency", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("recency", name="pk_search_case"),
        sa.UniqueConstraint("instance_id", name="uq_search_case_instance_id"),
    )
    op.create_table(
        "search_entry",
        sa.Column("piece", sa.String(length=16), nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("recency", _NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("piece", "place", "recency", name="pk_search_entry"),
        sqlite_with_rowid=False,
    )
    progress = op.create_table(
        "search_progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_progress"),
    )
    op.bulk_insert(progress, [{"id": 1, "position": 0, "version": 1}])


def downgrade() -> None:
    raise DowngradeRefused
