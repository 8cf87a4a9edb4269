"""What a step asks is found by an index: who is in a group at a site, and the jobs of an activity."""

from alembic import op

from app.database import DowngradeRefused

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_membership_group", "membership", ["group_id", "site_id", "user_id"], unique=False)
    op.drop_index("ix_job_instance", table_name="job")
    op.create_index("ix_job_instance", "job", ["instance_id", "activity_id"], unique=False)


def downgrade() -> None:
    raise DowngradeRefused
