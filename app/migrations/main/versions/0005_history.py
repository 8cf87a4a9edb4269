"""The history, its seals and its guards."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused, UtcDateTime
from app.migrations.main.guards import create_guards

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("erased_by", sa.String(length=64), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "history_event",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("stream_sequence", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=True),
        sa.Column("instance_id", sa.String(length=32), nullable=True),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of_id", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=True),
        sa.Column("activity_id", sa.String(length=40), nullable=True),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_history_event")),
        sa.UniqueConstraint("stream", "stream_sequence", name=op.f("uq_history_event_stream_stream_sequence")),
    )
    op.create_index("ix_history_event_actor", "history_event", ["actor_id", "sequence"], unique=False)
    op.create_index("ix_history_event_instance", "history_event", ["instance_id", "sequence"], unique=False)
    op.create_table(
        "history_pending",
        sa.Column("event_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_sequence", name=op.f("pk_history_pending")),
    )
    op.create_table(
        "history_seal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_history_seal")),
        sa.UniqueConstraint("size", name=op.f("uq_history_seal_size")),
    )
    op.create_table(
        "history_seal_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seal_number", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("event_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["seal_number"], ["history_seal.number"], name=op.f("fk_history_seal_entry_seal_number")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_history_seal_entry")),
        sa.UniqueConstraint("event_sequence", name=op.f("uq_history_seal_entry_event_sequence")),
    )
    op.create_index(op.f("ix_history_seal_entry_seal_number"), "history_seal_entry", ["seal_number"], unique=False)
    create_guards(op.get_bind())


def downgrade() -> None:
    raise DowngradeRefused
