"""Where people have signed in from, to notice a new place."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_place",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("place_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_sign_in_place_user_id"),
        sa.PrimaryKeyConstraint("user_id", "place_hash", name="pk_sign_in_place"),
    )


def downgrade() -> None:
    raise DowngradeRefused
