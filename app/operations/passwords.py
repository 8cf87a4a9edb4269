"""Passwords: the rules for new ones, hashing and checking with argon2id."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

from app.errors import InvalidInput
from app.i18n import N_

SHORTEST, LONGEST = 12, 128
FEWEST_GUESSES = 10**9
JUDGED_LENGTH = 72  # zxcvbn's time grows with the length; what is longer is judged by its beginning
PRODUCT_WORDS = ("aftercare", "shouhoutong", "售后通")
# OWASP's figures for argon2id: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when there is no such user, so that the answer takes as long as for a wrong password.
_dummy_hash = _hasher.hash(secrets.token_hex(16))


class PasswordRefused(InvalidInput):
    """A new password breaks a rule; says which."""

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid, fields={"new_password": msgid}, **params)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def is_right_password(stored: str | None, password: str) -> bool:
    """Whether `password` belongs to the `stored` hash; takes as long when there is none."""
    try:
        _hasher.verify(stored or _dummy_hash, password[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None and len(password) <= LONGEST


def is_hash_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker figures than today's."""
    return _hasher.check_needs_rehash(stored)


def check_new_password(password: str, *about: str) -> None:
    """Refuse a password that is short, long, common or made from words about the person.

    Arguments: about, the words it must not rest on (user name, name). There are no rules on kinds of characters.
    Raises PasswordRefused.
    """
    if len(password) < SHORTEST:
        raise PasswordRefused(
            N_("Use at least %(count)s characters. A sentence of several words is good."), count=SHORTEST
        )
    if len(password) > LONGEST:
        raise PasswordRefused(N_("Use at most %(count)s characters."), count=LONGEST)
    if _is_repetition(password):
        raise PasswordRefused(N_("This password repeats itself. Choose another one."))
    words = [word.lower() for word in (*PRODUCT_WORDS, *about) if word]
    if zxcvbn(password[:JUDGED_LENGTH], user_inputs=words)["guesses"] < FEWEST_GUESSES:
        raise PasswordRefused(N_("This password is among those that are tried first. Choose another one."))


def generate_password() -> str:
    """A password that nobody chose: 80 bits in groups that can be read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _is_repetition(password: str) -> bool:
    return len(set(password)) < 5
