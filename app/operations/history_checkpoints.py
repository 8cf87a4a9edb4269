"""Checkpoints: seals copied outside, so that nobody who holds the databases and all keys can rewrite the past."""

import json
import struct
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import InvalidInput
from app.i18n import N_
from app.models import HistorySeal
from app.operations.history_canonical import canonical_moment
from app.operations.history_sealing import seal_message
from app.operations.signing_keys import public_keys

_FORMAT = "aftercare-checkpoint-1"


class CheckpointUnreadable(InvalidInput):
    """A line of a checkpoint file is not what the product wrote."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log was at some moment: its size, its root, and the signature over both."""

    number: int
    size: int
    root: bytes
    sealed_at: datetime
    public_key: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """One line of a checkpoint file, JSON, to be appended where the product cannot reach."""
        return json.dumps({
            "format": _FORMAT, "number": self.number, "size": self.size, "root": self.root.hex(),
            "sealed_at": canonical_moment(self.sealed_at), "public_key": self.public_key.hex(),
            "signature": self.signature.hex(),
        })


def newest_checkpoint(session: Session) -> Checkpoint | None:
    """The last seal as a checkpoint; None where nothing was sealed yet."""
    seal = session.scalars(select(HistorySeal).order_by(HistorySeal.number.desc()).limit(1)).one_or_none()
    if seal is None:
        return None
    public_key = public_keys(session)[seal.key_id].public_bytes_raw()
    return Checkpoint(seal.number, seal.size, seal.root, seal.sealed_at, public_key, seal.signature)


def read_checkpoints(text: str) -> tuple[Checkpoint, ...]:
    """The checkpoints of a file, by size; raises `CheckpointUnreadable` with the line that was changed."""
    lines = enumerate(text.splitlines(), 1)
    found = [_read(line, number) for number, line in lines if line.strip()]
    return tuple(sorted(found, key=lambda checkpoint: checkpoint.size))


def _read(line: str, line_number: int) -> Checkpoint:
    try:
        checkpoint = _parse(line)
        message = seal_message(checkpoint.number, checkpoint.size, checkpoint.root, checkpoint.sealed_at)
        Ed25519PublicKey.from_public_bytes(checkpoint.public_key).verify(checkpoint.signature, message)
    except (KeyError, TypeError, ValueError, struct.error, InvalidSignature) as error:
        raise CheckpointUnreadable(
            N_("Line %(line)s of the checkpoint file was changed or is not a checkpoint: use an untouched copy."),
            line=line_number,
        ) from error
    return checkpoint


def _parse(line: str) -> Checkpoint:
    content = json.loads(line)
    if content["format"] != _FORMAT:
        raise ValueError(content["format"])
    return Checkpoint(
        number=int(content["number"]),
        size=int(content["size"]),
        root=bytes.fromhex(content["root"]),
        sealed_at=datetime.fromisoformat(content["sealed_at"]),
        public_key=bytes.fromhex(content["public_key"]),
        signature=bytes.fromhex(content["signature"]),
    )
