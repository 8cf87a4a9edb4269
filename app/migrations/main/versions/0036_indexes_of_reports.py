"""What reports ask: follow-ups by their latest day, and whether a customer came before or again."""

from alembic import op

from app.database import DowngradeRefused

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_planned_follow_up_latest", "planned_follow_up", ["site_id", "latest_on"])
    op.create_index("ix_visit_customer_site", "visit", ["customer_id", "site_id", "handed_over_at"])


def downgrade() -> None:
    raise DowngradeRefused
