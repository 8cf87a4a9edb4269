"""Jobs are suspended one by one, and by what they do: those that are made later wait as well."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("is_suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "suspended_job_definition",
        sa.Column("definition_id", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["process_definition.id"],
            name="fk_suspended_job_definition_definition_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("definition_id", "element_id", "kind", name="pk_suspended_job_definition"),
    )


def downgrade() -> None:
    raise DowngradeRefused
