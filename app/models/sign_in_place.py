"""Where a person has signed in from, as far as needed to notice a new place."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class SignInPlace(Base):
    """A kind of browser in a part of the network; only its hash is kept."""

    __tablename__ = "sign_in_place"
    user_id: Mapped[str] = mapped_column(String(64), ForeignKey("user.id"), primary_key=True)
    place_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
