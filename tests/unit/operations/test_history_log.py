import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.operations.history_log import EMPTY_ROOT, MerkleLog, leaf_hash


def tree_head(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162 section 2.1.1, word for word and slow."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_head(leaves[:split]) + tree_head(leaves[split:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(n, bytes([n % 256]) * 32) for n in range(count)]


@pytest.mark.parametrize("count", range(40))
def test_root_is_the_one_of_the_standard(count: int) -> None:
    log = MerkleLog()
    log.extend(leaves_of(count))
    assert (log.size, log.root) == (count, tree_head(leaves_of(count)))


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_log_grows_on_from_its_peaks(before: int, after: int) -> None:
    first, whole = MerkleLog(), MerkleLog()
    first.extend(leaves_of(before))
    again = MerkleLog(first.size, first.peaks)
    again.extend(leaves_of(before + after)[before:])
    whole.extend(leaves_of(before + after))
    assert (again.root, again.peaks) == (whole.root, whole.peaks)


def test_empty_log_has_the_standard_root() -> None:
    assert MerkleLog().root == EMPTY_ROOT


def test_leaf_is_the_documented_one() -> None:
    assert leaf_hash(1, b"\x05" * 32) == hashlib.sha256(b"\x00" + b"\x00" * 7 + b"\x01" + b"\x05" * 32).digest()


@pytest.mark.parametrize(("size", "peaks"), [(1, b""), (2, bytes(64)), (1, bytes(33)), (0, bytes(32))])
def test_peaks_that_do_not_fit_are_refused(size: int, peaks: bytes) -> None:
    with pytest.raises(ValueError, match="peaks"):
        MerkleLog(size, peaks)
