"""Monthly reports: drafts, and those issued, which the database keeps as they are."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_FROZEN_ON_SQLITE = (
    (
        "CREATE TRIGGER issued_report_refuses_update BEFORE UPDATE ON issued_report BEGIN"
        " SELECT RAISE(ABORT, 'an issued report is frozen: UPDATE is refused'); END"
    ),
    (
        "CREATE TRIGGER issued_report_refuses_delete BEFORE DELETE ON issued_report BEGIN"
        " SELECT RAISE(ABORT, 'an issued report is frozen: DELETE is refused'); END"
    ),
    # INSERT OR REPLACE deletes without firing DELETE triggers.
    (
        "CREATE TRIGGER issued_report_refuses_replace BEFORE INSERT ON issued_report"
        " WHEN EXISTS (SELECT 1 FROM issued_report WHERE id = NEW.id"
        " OR (site_id = NEW.site_id AND month = NEW.month AND number = NEW.number)) BEGIN"
        " SELECT RAISE(ABORT, 'an issued report is frozen: replacing it is refused'); END"
    ),
)
_FROZEN_ON_POSTGRESQL = (
    (
        "CREATE FUNCTION refuse_report_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',"
        " MESSAGE = 'an issued report is frozen: ' || TG_OP || ' is refused'; END $$"
    ),
    (
        "CREATE TRIGGER issued_report_refuses_change BEFORE UPDATE OR DELETE ON issued_report"
        " FOR EACH ROW EXECUTE FUNCTION refuse_report_change()"
    ),
    (
        "CREATE TRIGGER issued_report_refuses_truncate BEFORE TRUNCATE ON issued_report"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_report_change()"
    ),
    # ALWAYS: also where session_replication_role silences ordinary triggers.
    (
        "ALTER TABLE issued_report ENABLE ALWAYS TRIGGER issued_report_refuses_change,"
        " ENABLE ALWAYS TRIGGER issued_report_refuses_truncate"
    ),
)


def upgrade() -> None:
    op.create_table(
        "report_draft",
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_report_draft_instance_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_report_draft_site_id"),
        sa.PrimaryKeyConstraint("instance_id", name="pk_report_draft"),
    )
    op.create_table(
        "issued_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_issued_report_instance_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_issued_report_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_issued_report"),
        sa.UniqueConstraint("site_id", "month", "number", name="uq_issued_report_site_id_month_number"),
    )
    op.create_index("ix_issued_report_instance_id", "issued_report", ["instance_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in _FROZEN_ON_SQLITE if is_sqlite else _FROZEN_ON_POSTGRESQL:
        op.execute(guard)


def downgrade() -> None:
    raise DowngradeRefused
