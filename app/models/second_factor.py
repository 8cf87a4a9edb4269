"""The second factor of signing in: a secret shared with a person's phone, and codes for the day it is lost."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class SecondFactor(Base):
    """One authenticator per person. The secret lies encrypted; `last_step` is the time step of the last code used."""

    __tablename__ = "second_factor"
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # from here on it is asked for
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """Lets a person in once without the authenticator; only its hash is kept."""

    __tablename__ = "recovery_code"
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_from: Mapped[str] = mapped_column(String(64), default="")  # address
