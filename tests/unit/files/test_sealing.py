import io

import pytest

from app.files.sealing import MARK, PIECE, FileDamaged, seal, unseal

KEY, NAME = bytes(range(32)), "00ff" * 8
TAG = 16


def sealed(content: bytes, name: str = NAME) -> bytes:
    target = io.BytesIO()
    fingerprint = seal(io.BytesIO(content), target, KEY, name)
    assert fingerprint.size == len(content)
    return target.getvalue()


def opened(stored: bytes, key: bytes = KEY, name: str = NAME) -> bytes:
    return b"".join(unseal(io.BytesIO(stored), key, name))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_opens(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    assert opened(sealed(content)) == content


def test_the_content_is_not_in_the_stored_bytes() -> None:
    stored = sealed(b"a word nobody may find " * 100)
    assert b"word" not in stored
    assert stored != sealed(b"a word nobody may find " * 100)  # a salt of its own each time


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: stored[:-1],
        lambda stored: stored[:-1] + bytes([stored[-1] ^ 1]),
        lambda stored: stored[: -(PIECE + TAG)],  # the last piece is gone
        lambda stored: stored[: len(MARK) + 16] + stored[len(MARK) + 16 + PIECE + TAG :],  # the first one is
        lambda stored: stored + b"more",
        lambda stored: b"x" + stored[1:],
        lambda stored: b"",
    ],
)
def test_changed_bytes_do_not_open(damage: object) -> None:
    stored = sealed(b"x" * 3 * PIECE)
    with pytest.raises(FileDamaged):
        opened(damage(stored))  # type: ignore[operator]


def test_pieces_in_another_order_do_not_open() -> None:
    stored = sealed(b"a" * PIECE + b"b" * PIECE + b"c")
    head, rest = stored[: len(MARK) + 16], stored[len(MARK) + 16 :]
    first, second, last = rest[: PIECE + TAG], rest[PIECE + TAG : 2 * (PIECE + TAG)], rest[2 * (PIECE + TAG) :]
    with pytest.raises(FileDamaged):
        opened(head + second + first + last)


def test_another_key_or_place_does_not_open() -> None:
    stored = sealed(b"content")
    for key, name in ((bytes(32), NAME), (KEY, "ff00" * 8)):
        with pytest.raises(FileDamaged):
            opened(stored, key, name)
