"""Texts about a person that may change or go: encrypted under the person's key, so that erasing it erases them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.operations.history_canonical import Sealed, canonical_json
from app.operations.subject_keys import subject_keys, unseal


@dataclass(frozen=True, slots=True)
class SealedTexts:
    """What a row keeps of them."""

    nonce: bytes
    content: bytes


def seal_texts(
    session: Session, subject_id: str, place: str, texts: Mapping[str, object], now: datetime
) -> SealedTexts:
    """Encrypt plain JSON for a person, bound to `place`, the row it is kept in. Raises PersonErased."""
    sealed = subject_keys(session).seal(subject_id, canonical_json(texts), place.encode(), now)
    return SealedTexts(sealed.nonce, sealed.ciphertext)


def open_texts(session: Session, subject_id: str, place: str, stored: SealedTexts) -> dict[str, Any] | None:
    """The texts again; None where the person's key is gone."""
    key = subject_keys(session).keys_of([subject_id]).get(subject_id)
    if key is None:
        return None
    plain = unseal(key, Sealed(subject_id, stored.nonce, stored.content), place.encode())
    return None if plain is None else orjson.loads(plain)
