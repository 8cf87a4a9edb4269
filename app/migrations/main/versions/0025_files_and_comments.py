"""Files and comments of cases: nothing has been written into their tables before, so they are made anew."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("attachment", "comment"):
        op.drop_index(f"ix_{table}_instance_id", table)
        op.drop_table(table)
    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("user_task_id", sa.String(length=40), nullable=True),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of_id", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_comment_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_instance_id", "comment", ["instance_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_id", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("user_task_id", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("original_name", sa.String(length=255), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("preview_state", sa.String(length=8), nullable=False),
        sa.Column("scanned_at", UtcDateTime(), nullable=True),
        sa.Column("threat", sa.String(length=200), nullable=True),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of_id", sa.String(length=64), nullable=True),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("removed_by", sa.String(length=64), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removal_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instance.id"], name="fk_attachment_instance_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.UniqueConstraint("stored_name", name="uq_attachment_stored_name"),
    )
    op.create_index("ix_attachment_instance_id", "attachment", ["instance_id"])
    op.create_index("ix_attachment_uploaded_by", "attachment", ["uploaded_by", "uploaded_at"])
    op.create_index("ix_attachment_subject", "attachment", ["subject_id"])
    op.create_table(
        "attachment_preview",
        sa.Column("attachment_id", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name="fk_attachment_preview_attachment_id"),
        sa.PrimaryKeyConstraint("attachment_id", "page", name="pk_attachment_preview"),
        sa.UniqueConstraint("stored_name", name="uq_attachment_preview_stored_name"),
    )
    for column in ("comment_count", "file_count"):
        op.add_column("process_instance", sa.Column(column, sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    raise DowngradeRefused
