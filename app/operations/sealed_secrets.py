"""Secrets the product must be able to read again (an authenticator's): encrypted under the product's own key."""

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import AppError
from app.i18n import N_

_NONCE_BYTES = 12


class SecretUnreadable(AppError):
    """It was encrypted under a key that is no longer among the settings."""

    http_status = 500

    def __init__(self) -> None:
        super().__init__(
            N_("A stored secret cannot be read: put the earlier secret key among AFTERCARE_SECRET_KEY_FALLBACKS.")
        )


class SealedSecrets:
    """Seals under the first of the product's secret keys, opens what any of them has sealed."""

    def __init__(self, secret_keys: Sequence[str], purpose: str) -> None:
        self._ciphers = [AESGCM(_derived(key, purpose)) for key in secret_keys]

    def seal(self, content: bytes, owner: str) -> bytes:
        """Encrypt; `owner` is bound to it, so that a row moved to somebody else opens nothing."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, content, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """Decrypt; raises SecretUnreadable."""
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner.encode())
            except InvalidTag:
                continue
        raise SecretUnreadable


def _derived(secret_key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())
