"""The first start of a fresh product: who has its token makes the first administrator."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class FirstRun(Base):
    """At most one row. The token is printed where the product is started; only its hash is kept."""

    __tablename__ = "first_run"
    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the administrator has been through all pages
