"""Four eyes: what a user task must not share a performer with, who was acted for, second pairs of eyes."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("ended_for", sa.String(length=64), nullable=True))
    op.add_column("user_task", sa.Column("not_performer_of", sa.Text(), nullable=True))
    op.create_table(
        "second_pair_of_eyes",
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("named_by", sa.String(length=64), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_second_pair_of_eyes_site_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_second_pair_of_eyes_user_id"),
        sa.PrimaryKeyConstraint("site_id", "user_id", name="pk_second_pair_of_eyes"),
    )


def downgrade() -> None:
    raise DowngradeRefused
