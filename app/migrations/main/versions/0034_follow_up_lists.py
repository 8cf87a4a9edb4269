"""The plan of follow-ups can be changed and spread; lists to sample from; settings of a site."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("planned_follow_up") as plan:
        plan.add_column(sa.Column("first_on", sa.Date(), nullable=True))
        plan.add_column(sa.Column("skip_remark", sa.Text(), nullable=True))
        plan.add_column(sa.Column("is_fixed", sa.Boolean(), server_default=sa.false(), nullable=False))
        plan.add_column(sa.Column("list_id", sa.String(length=32), nullable=True))
    rows = sa.table("planned_follow_up", sa.column("first_on", sa.Date()), sa.column("planned_on", sa.Date()))
    op.get_bind().execute(sa.update(rows).values(first_on=rows.c.planned_on))
    with op.batch_alter_table("planned_follow_up") as plan:
        plan.alter_column("first_on", existing_type=sa.Date(), nullable=False)
        plan.create_foreign_key("fk_planned_follow_up_list_id", "follow_up_list", ["list_id"], ["id"])
    op.create_index("ix_planned_follow_up_list_id", "planned_follow_up", ["list_id"])
    op.create_index("ix_visit_handed_over", "visit", ["site_id", "handed_over_at"])


def _create_tables() -> None:
    op.create_table(
        "follow_up_settings",
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("most_calls_a_day", sa.Integer(), nullable=False),
        sa.Column("lost_after_months", sa.Integer(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("high_value_from", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_follow_up_settings_site_id"),
        sa.PrimaryKeyConstraint("site_id", name="pk_follow_up_settings"),
    )
    op.create_table(
        "follow_up_list",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("supplied_by", sa.String(length=64), nullable=False),
        sa.Column("supplied_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_follow_up_list_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up_list"),
    )
    op.create_index("ix_follow_up_list_site", "follow_up_list", ["site_id", "first_day"])
    op.create_table(
        "follow_up_list_entry",
        sa.Column("list_id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("picked", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["follow_up_list.id"], name="fk_follow_up_list_entry_list_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name="fk_follow_up_list_entry_visit_id"),
        sa.PrimaryKeyConstraint("list_id", "visit_id", name="pk_follow_up_list_entry"),
    )


def downgrade() -> None:
    raise DowngradeRefused
