"""What programs outside fetch is found by its topic, and it is known who has it."""

import json

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_task",
        sa.Column("job_id", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worker_id", sa.String(length=200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_details", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_external_task_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name="pk_external_task"),
    )
    op.create_index("ix_external_task_topic", "external_task", ["topic", "job_id"])
    _take_over()


def _take_over() -> None:
    jobs = sa.table("job", sa.column("id"), sa.column("kind"), sa.column("payload"))
    external = sa.table("external_task", sa.column("job_id"), sa.column("topic"))
    found = op.get_bind().execute(sa.select(jobs.c.id, jobs.c.payload).where(jobs.c.kind == "external")).all()
    if found:
        rows = [{"job_id": job_id, "topic": json.loads(payload)["topic"]} for job_id, payload in found]
        op.get_bind().execute(sa.insert(external), rows)


def downgrade() -> None:
    raise DowngradeRefused
