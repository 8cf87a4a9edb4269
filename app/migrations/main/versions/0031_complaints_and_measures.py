"""Complaints and measures in figures, for the reports."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint_fact",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=True),
        sa.Column("vehicle_id", sa.String(length=32), nullable=True),
        sa.Column("visit_id", sa.String(length=32), nullable=True),
        sa.Column("origin_id", sa.String(length=32), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("problem_kind", sa.String(length=20), nullable=True),
        sa.Column("cause_category", sa.String(length=20), nullable=True),
        sa.Column("department", sa.String(length=60), nullable=True),
        sa.Column("responsible_party", sa.String(length=200), nullable=True),
        sa.Column("remedy_amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("result_given_at", UtcDateTime(), nullable=True),
        sa.Column("customer_verdict", sa.String(length=20), nullable=True),
        sa.Column("needs_rectification", sa.Boolean(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_complaint_fact_instance_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_complaint_fact_site_id"),
        sa.PrimaryKeyConstraint("instance_id", name="pk_complaint_fact"),
    )
    op.create_index("ix_complaint_fact_customer_id", "complaint_fact", ["customer_id"])
    op.create_index("ix_complaint_fact_site_received", "complaint_fact", ["site_id", "received_at"])
    op.create_table(
        "measure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("origin_kind", sa.String(length=12), nullable=False),
        sa.Column("origin_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("problem_kind", sa.String(length=20), nullable=True),
        sa.Column("cause_category", sa.String(length=20), nullable=True),
        sa.Column("question_id", sa.String(length=60), nullable=True),
        sa.Column("department", sa.String(length=60), nullable=True),
        sa.Column("responsible_id", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("verified_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_measure_instance_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_measure_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_measure"),
        sa.UniqueConstraint("instance_id", "number", name="uq_measure_instance_id_number"),
    )
    op.create_index("ix_measure_site_state", "measure", ["site_id", "state", "due_on"])
    op.create_index("ix_measure_origin", "measure", ["origin_id"])
    op.create_index("ix_measure_responsible_id", "measure", ["responsible_id"])


def downgrade() -> None:
    raise DowngradeRefused
