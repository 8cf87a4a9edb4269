"""The keys of persons: each person's fields in frozen content are encrypted with a key that can be destroyed."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import reading, writing
from app.errors import Conflict
from app.i18n import N_
from app.models import SubjectKey
from app.models.prepared import once_per_transaction
from app.operations.history_canonical import Sealed

_NONCE_BYTES = 12
_NAME = "subject_keys"
_KEY_OF = select(SubjectKey.key).where(SubjectKey.subject_id == bindparam("subject_id"))


class PersonErased(Conflict):
    """Something personal was to be recorded of a person whose data was erased."""


class SubjectKeys:
    """The key store of a session. Its writes are committed at once, apart from the session's transaction.

    A key must outlive a crash before anything is encrypted with it; a key nobody uses does no harm.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ciphers: dict[str, AESGCM] = {}

    def seal(self, subject_id: str, plain: bytes, context: bytes, now: datetime) -> Sealed:
        """Encrypt `plain` for a person, bound to `context`; raises `PersonErased`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._ciphers.get(subject_id)
        if cipher is None:
            cipher = self._ciphers[subject_id] = AESGCM(self.key(subject_id, now))
        return Sealed(subject_id, nonce, cipher.encrypt(nonce, plain, context))

    def keys_of(self, subject_ids: Iterable[str]) -> dict[str, bytes]:
        """The keys that still exist, by person."""
        wanted = set(subject_ids)
        if not wanted:
            return {}
        query = select(SubjectKey.subject_id, SubjectKey.key).where(
            SubjectKey.subject_id.in_(wanted), SubjectKey.key.is_not(None)
        )
        with reading(), self._engine.connect() as connection:
            return {subject_id: key for subject_id, key in connection.execute(query) if key is not None}

    def destroy(self, subject_id: str, now: datetime) -> None:
        """Destroy a person's key, for good; the row stays so that no new one is made."""
        self._ciphers.pop(subject_id, None)
        with writing(), self._engine.begin() as connection:
            change = update(SubjectKey).where(SubjectKey.subject_id == subject_id, SubjectKey.key.is_not(None))
            connection.execute(change.values(key=None, destroyed_at=now))
            if connection.scalar(select(SubjectKey.subject_id).where(SubjectKey.subject_id == subject_id)) is None:
                connection.execute(
                    insert(SubjectKey).values(subject_id=subject_id, key=None, created_at=now, destroyed_at=now)
                )
        self._forget_freed_bytes()

    def destroyed(self) -> set[str]:
        """All persons whose key was destroyed."""
        with reading(), self._engine.connect() as connection:
            return set(connection.scalars(select(SubjectKey.subject_id).where(SubjectKey.key.is_(None))))

    def key(self, subject_id: str, now: datetime) -> bytes:
        """The key of a person, made where there was none; raises `PersonErased`."""
        found = self._find(subject_id)
        if found is None:
            self._create(subject_id, now)
            found = self._find(subject_id)
        key: bytes | None = found.key if found is not None else None
        if key is None:
            raise PersonErased(N_("This customer's data was erased at their wish: nothing personal can be added."))
        return key

    def _find(self, subject_id: str) -> Row[bytes | None] | None:
        with reading(), self._engine.connect() as connection:
            return connection.execute(_KEY_OF, {"subject_id": subject_id}).one_or_none()

    def _create(self, subject_id: str, now: datetime) -> None:
        values = {"subject_id": subject_id, "key": AESGCM.generate_key(256), "created_at": now}
        # Another process that was quicker has made the key that counts.
        with suppress(IntegrityError), writing(), self._engine.begin() as connection:
            connection.execute(insert(SubjectKey).values(values))

    def _forget_freed_bytes(self) -> None:
        """SQLite's log still holds the page with the key: write it back and empty the log."""
        if self._engine.dialect.name == "sqlite":
            connection = self._engine.raw_connection()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()


def subject_keys(session: Session) -> SubjectKeys:
    """The keys of persons that belong to `session`; a key is looked up once in a transaction, however much it seals."""
    return once_per_transaction(session, _NAME, lambda: SubjectKeys(key_store_engine(session)))


def key_store_engine(session: Session) -> Engine:
    """The key store of a session, wherever its edge has put it: its writes are transactions of their own."""
    return session.get_bind(SubjectKey).engine


def unseal(key: bytes, sealed: Sealed, context: bytes) -> bytes | None:
    """Decrypt, or None where the key is not the one it was encrypted with (the key store is of another database)."""
    try:
        return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, context)
    except InvalidTag:
        return None
