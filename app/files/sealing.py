"""Files encrypted in pieces (AES-256-GCM), so that neither writing nor reading one needs it in memory.

A file has a key of its own, derived from the person's key, a random salt and the file's name. A piece's nonce is its
number and whether it is the last: pieces that are swapped, missing or of another file do not open.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import AppError
from app.i18n import N_

MARK = b"aftercare file 1"  # also says which way it was encrypted
PIECE = 64 << 10  # bytes of content
_SALT, _TAG, _COUNTER = 16, 16, 11


class FileDamaged(AppError):
    """The stored bytes are not those that were written, or the key is another one."""

    http_status = 500

    def __init__(self) -> None:
        super().__init__(N_("The stored file is damaged. Tell your administrator: a backup may have it."))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Of the content as it came: how many bytes, and SHA-256 in hexadecimal."""

    size: int
    sha256: str


def seal(source: BinaryIO, target: BinaryIO, key: bytes, name: str) -> Fingerprint:
    """Encrypt everything `source` still has to give into `target`."""
    salt, digest, size = secrets.token_bytes(_SALT), hashlib.sha256(), 0
    cipher = _cipher(key, salt, name)
    target.write(MARK + salt)
    piece, number = source.read(PIECE), 0
    while True:
        following = source.read(PIECE) if piece else b""
        digest.update(piece)
        size += len(piece)
        target.write(cipher.encrypt(_nonce(number, is_last=not following), piece, None))
        if not following:
            return Fingerprint(size, digest.hexdigest())
        piece, number = following, number + 1


def unseal(source: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    """The content piece by piece; raises FileDamaged at the first that is not as it was written."""
    head = source.read(len(MARK) + _SALT)
    if not head.startswith(MARK):
        raise FileDamaged
    cipher = _cipher(key, head[len(MARK) :], name)
    sealed, number = source.read(PIECE + _TAG), 0
    while True:
        following = source.read(PIECE + _TAG) if sealed else b""
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), sealed, None)
        except InvalidTag as error:
            raise FileDamaged from error
        if not following:
            return
        sealed, number = following, number + 1


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=MARK + name.encode()).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_COUNTER) + bytes([is_last])
