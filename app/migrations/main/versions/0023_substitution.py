"""Who stands in for whom."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("principal_id", sa.String(length=64), nullable=False),
        sa.Column("substitute_id", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        sa.Column("includes_open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("named_by", sa.String(length=64), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["user.id"], name="fk_substitution_principal_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["user.id"], name="fk_substitution_substitute_id"),
        sa.PrimaryKeyConstraint("id", name="pk_substitution"),
    )
    op.create_index("ix_substitution_substitute", "substitution", ["substitute_id", "ends_at"])
    op.create_index("ix_substitution_principal", "substitution", ["principal_id", "ends_at"])
    op.create_table(
        "substitution_process",
        sa.Column("substitution_id", sa.String(length=32), nullable=False),
        sa.Column("process_key", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["substitution_id"], ["substitution.id"], name="fk_substitution_process_substitution_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("substitution_id", "process_key", name="pk_substitution_process"),
    )


def downgrade() -> None:
    raise DowngradeRefused
