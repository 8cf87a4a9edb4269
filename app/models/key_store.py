"""The store of keys, a database of its own: who holds only the main database can read no personal field."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import KeysBase, UtcDateTime


class SubjectKey(KeysBase):
    """The AES-256 key of one person; `key` is null once destroyed, and the row stays so that none is made again."""

    __tablename__ = "subject_key"
    subject_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SigningKey(KeysBase):
    """An Ed25519 key that signs seals; the newest signs, the older ones still verify."""

    __tablename__ = "signing_key"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)  # the first 16 bytes of the public key's SHA-256
    private_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
