"""The key that signs seals. It lives in the key store: who writes to the main database alone cannot sign."""

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.database import reading, writing
from app.models import SigningKey
from app.operations.subject_keys import key_store_engine


def key_id_of(public_key: bytes) -> str:
    """The name of a key: the first 16 bytes of the SHA-256 of its raw public half, in hexadecimal."""
    return hashlib.sha256(public_key).digest()[:16].hex()


def signing_key(session: Session, now: datetime) -> tuple[str, Ed25519PrivateKey]:
    """The newest signing key and its id; the first one is made, and committed in the key store, when needed."""
    engine = key_store_engine(session)
    found = _newest(engine)
    if found is None:
        # Two processes may each make a first key: the newer signs from then on, both verify.
        with writing(), engine.begin() as connection:
            connection.execute(insert(SigningKey).values(_new_key(now)))
        found = _newest(engine)
    if found is None:
        raise LookupError("the key store lost the signing key it just stored")
    key_id, private = found
    return key_id, Ed25519PrivateKey.from_private_bytes(private)


def public_keys(session: Session) -> dict[str, Ed25519PublicKey]:
    """All keys that ever signed here, by id."""
    with reading(), key_store_engine(session).connect() as connection:
        rows = connection.execute(select(SigningKey.id, SigningKey.public_key)).all()
    return {key_id: Ed25519PublicKey.from_public_bytes(public) for key_id, public in rows}


def rotate_signing_key(session: Session, now: datetime) -> str:
    """Make a new signing key, which signs from now on, and return its id."""
    values = _new_key(now)
    with writing(), key_store_engine(session).begin() as connection:
        connection.execute(insert(SigningKey).values(values))
    return str(values["id"])


def _newest(engine: Engine) -> tuple[str, bytes] | None:
    query = select(SigningKey.id, SigningKey.private_key).order_by(SigningKey.created_at.desc(), SigningKey.id).limit(1)
    with reading(), engine.connect() as connection:
        row = connection.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def _new_key(now: datetime) -> dict[str, object]:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return {
        "id": key_id_of(public), "private_key": private.private_bytes_raw(), "public_key": public, "created_at": now,
    }
