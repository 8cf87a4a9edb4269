"""Lists of customer files are read along an index: by name, and by how far a card is checked."""

from alembic import op

from app.database import DowngradeRefused

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_customer_merged_into_id", "customer")
    op.create_index("ix_customer_name_id", "customer", ["name", "id"])
    for table in ("customer", "vehicle"):
        op.create_index(f"ix_{table}_verification", table, ["verification", "created_at", "id"])


def downgrade() -> None:
    raise DowngradeRefused
