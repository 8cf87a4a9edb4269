"""Links with which somebody who forgot the password chooses a new one."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class PasswordLink(Base):
    """Good for one new password of one user. The link holds the token, the row only its hash."""

    __tablename__ = "password_link"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    made_by: Mapped[str] = mapped_column(String(64))  # the system for those sent by mail
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
