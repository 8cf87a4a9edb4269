"""The global log as a Merkle tree (RFC 9162 section 2.1): its root commits to every entry and their order."""

import hashlib
import struct
from collections.abc import Iterable

_LEAF, _NODE = b"\x00", b"\x01"
_HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(event_sequence: int, event_hash: bytes) -> bytes:
    """The leaf of an event: its row number (8 bytes, big-endian) and its hash."""
    return hashlib.sha256(_LEAF + struct.pack(">Q", event_sequence) + event_hash).digest()


class MerkleLog:
    """A growing tree, kept as its peaks: the roots of the full subtrees, the largest first (RFC 9162 section 2.1.2).

    Arguments: size, how many leaves it has; peaks, their 32-byte hashes one after the other.
    """

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        self.size = size
        self._peaks = [peaks[at : at + _HASH_BYTES] for at in range(0, len(peaks), _HASH_BYTES)]
        if len(self._peaks) != size.bit_count() or len(peaks) % _HASH_BYTES:
            raise ValueError(f"a log of {size} entries does not have {len(peaks)} bytes of peaks")

    @property
    def peaks(self) -> bytes:
        """What is needed to let the log grow on later."""
        return b"".join(self._peaks)

    @property
    def root(self) -> bytes:
        """The tree's head: the peaks folded from the right."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = _node(peak, root)
        return root

    def append(self, leaf: bytes) -> None:
        """Add a leaf, merging subtrees of equal size as a binary counter carries."""
        size = self.size
        while size & 1:
            leaf = _node(self._peaks.pop(), leaf)
            size >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves in order."""
        for leaf in leaves:
            self.append(leaf)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
