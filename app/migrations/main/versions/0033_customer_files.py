"""Customer and vehicle files: cards checked by three people, reviewed changes, merged duplicates, papers."""

import sqlalchemy as sa
from alembic import op

from app.database import DowngradeRefused
from app.database.tables import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_cards()
    _create_tables()
    _tell_who_entered_the_cards_there_are()
    if op.get_bind().dialect.name == "sqlite":
        _make_attachments_anew()
    else:
        _alter_attachments()


def _widen_cards() -> None:
    for table in ("customer", "vehicle"):
        op.add_column(table, sa.Column("unverified_fields", sa.JSON(), server_default="[]", nullable=False))
        op.add_column(table, sa.Column("site_id", sa.String(length=32), nullable=True))
        op.add_column(table, sa.Column("fully_checked_at", UtcDateTime(), nullable=True))
        op.create_index(f"ix_{table}_site_id", table, ["site_id"])
    op.add_column("customer", sa.Column("grade", sa.String(length=16), server_default="", nullable=False))
    op.add_column("customer", sa.Column("standing", sa.String(length=12), server_default="active", nullable=False))
    op.add_column("customer", sa.Column("merged_into_id", sa.String(length=32), nullable=True))
    op.create_index("ix_customer_merged_into_id", "customer", ["merged_into_id"])
    op.add_column(
        "vehicle", sa.Column("verification", sa.String(length=12), server_default="unverified", nullable=False)
    )
    for name, length in (("make", 60), ("origin", 12), ("insurance_kind", 60)):
        op.add_column("vehicle", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    for name in ("produced_on", "insured_from", "insured_until"):
        op.add_column("vehicle", sa.Column(name, sa.Date(), nullable=True))


def _create_tables() -> None:
    op.create_table(
        "customer_card",
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_customer_card_customer_id"),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer_card"),
    )
    op.create_table(
        "file_step",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("card_kind", sa.String(length=8), nullable=False),
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of_id", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_file_step"),
    )
    op.create_index("ix_file_step_card", "file_step", ["card_kind", "card_id", "at"])
    op.create_table(
        "card_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("card_kind", sa.String(length=8), nullable=False),
        sa.Column("card_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.LargeBinary(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_for", sa.String(length=64), nullable=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_for", sa.String(length=64), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_card_request"),
    )
    op.create_index("ix_card_request_card", "card_request", ["card_kind", "card_id"])
    op.create_index("ix_card_request_state", "card_request", ["state", "requested_at"])
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kept_id", sa.String(length=32), nullable=False),
        sa.Column("other_id", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["customer.id"], name="fk_duplicate_pair_kept_id"),
        sa.ForeignKeyConstraint(["other_id"], ["customer.id"], name="fk_duplicate_pair_other_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_pair"),
        sa.UniqueConstraint("kept_id", "other_id", "decided_at", name="uq_duplicate_pair_kept_id_other_id_decided_at"),
    )
    op.create_index("ix_duplicate_pair_kept_id", "duplicate_pair", ["kept_id"])
    op.create_index("ix_duplicate_pair_other_id", "duplicate_pair", ["other_id"])


def _tell_who_entered_the_cards_there_are() -> None:
    """Who made a customer also made the cars that came with it; the site of the first visit keeps both."""
    connection = op.get_bind()
    for table in ("customer", "vehicle"):
        first = f"SELECT site_id FROM visit WHERE visit.{table}_id = {table}.id ORDER BY handed_over_at, id LIMIT 1"  # noqa: S608  # no input
        connection.exec_driver_sql(f"UPDATE {table} SET site_id = ({first})")  # noqa: S608
    connection.exec_driver_sql(
        "INSERT INTO file_step (id, card_kind, card_id, step, user_id, at) "
        "SELECT id, 'customer', id, 'entered', created_by, created_at FROM customer WHERE erased_at IS NULL"
    )
    connection.exec_driver_sql(
        "INSERT INTO file_step (id, card_kind, card_id, step, user_id, at) "
        "SELECT vehicle.id, 'vehicle', vehicle.id, 'entered', customer.created_by, vehicle.created_at "
        "FROM vehicle JOIN customer ON customer.id = vehicle.holder_id"
    )


def _alter_attachments() -> None:
    op.alter_column("attachment", "instance_id", existing_type=sa.String(length=32), nullable=True)
    op.add_column("attachment", sa.Column("vehicle_id", sa.String(length=32), nullable=True))
    op.add_column("attachment", sa.Column("paper", sa.String(length=12), nullable=True))
    op.create_foreign_key("fk_attachment_vehicle_id", "attachment", "vehicle", ["vehicle_id"], ["id"])
    op.create_index("ix_attachment_vehicle_id", "attachment", ["vehicle_id"])


def _make_attachments_anew() -> None:
    """SQLite cannot take NOT NULL from a column; a table others point to is emptied of them before it is dropped."""
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE TEMPORARY TABLE kept_preview AS SELECT * FROM attachment_preview")
    connection.exec_driver_sql("DELETE FROM attachment_preview")
    with op.batch_alter_table("attachment") as batch:
        batch.alter_column("instance_id", existing_type=sa.String(length=32), nullable=True)
        batch.add_column(sa.Column("vehicle_id", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("paper", sa.String(length=12), nullable=True))
        batch.create_foreign_key("fk_attachment_vehicle_id", "vehicle", ["vehicle_id"], ["id"])
        batch.create_index("ix_attachment_vehicle_id", ["vehicle_id"])
    connection.exec_driver_sql("INSERT INTO attachment_preview SELECT * FROM kept_preview")
    connection.exec_driver_sql("DROP TABLE kept_preview")


def downgrade() -> None:
    raise DowngradeRefused
