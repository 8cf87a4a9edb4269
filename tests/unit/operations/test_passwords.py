"""Rules for new passwords and their hashes (W22-W24)."""

import pytest

from app.operations import passwords
from app.operations.passwords import (
    LONGEST,
    PasswordRefused,
    check_new_password,
    generate_password,
    hash_password,
    is_hash_outdated,
    is_right_password,
)

GOOD = [
    "four brown kettles sing",
    "correct horse battery staple",
    "我今天想吃红烧肉和米饭呀",
    "春天的花园里有三只猫跳舞",
    "snow leopard on a tram",
    "Ünïcödé passphrase here",
    "   leading and trailing   x7",
    "tVq9#mLr2!xWzB",
    "lamp-river-orbit-79-zinc",
    "no digits no capitals please",
    "ONLYCAPITALSBUTLONGERWORDS",
    "8264917305528417",
    "mixed 中文 and english words",
    "emoji 🦊 in a sentence ok",
    "x7Kp-9mQz-3nRw-5tLs",
    "quite\ta\ttab separated thing",
    "a sentence with, commas; too.",
    "the moon is made of brie",
    "zwölf Boxkämpfer jagen",
    "р ржавый трактор в поле",
    "q" * 20 + "xj4 lamp zebra fork",
    "z" + "lantern quarry velvet " * 5,
]
BAD = [
    "",
    "short",
    "elevenchars",
    "password1234",
    "passwordpassword",
    "123456789012",
    "qwertyuiop[]",
    "aaaaaaaaaaaa",
    "abcabcabcabcabc",
    "iloveyou iloveyou",
    "Welcome2024!",
    "administrator1",
    "letmeinletmein",
    "1qaz2wsx3edc",
    "aftercare2024!!",
    "售后通售后通售后通售后通",
    "woaini1314520",
    "zhang_wei zhang_wei",
    "Zhang Wei 1988",
    "x" * (LONGEST + 1),
]


@pytest.mark.parametrize("password", GOOD)
def test_w23_good_passwords_of_any_characters(password: str) -> None:
    check_new_password(password, "zhang_wei", "Zhang Wei")


@pytest.mark.parametrize("password", BAD)
def test_w23_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_new_password(password, "zhang_wei", "Zhang Wei")


def test_w24_argon2id_with_19_mebibytes() -> None:
    assert hash_password("four brown kettles sing").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_right_wrong_and_missing() -> None:
    stored = hash_password("four brown kettles sing")
    assert is_right_password(stored, "four brown kettles sing")
    assert not is_right_password(stored, "four brown kettles sink")
    assert not is_right_password(None, "four brown kettles sing")
    assert not is_right_password("not a hash", "four brown kettles sing")


def test_too_long_password_is_never_right_though_it_begins_right() -> None:
    stored = hash_password("k" * LONGEST)
    assert is_right_password(stored, "k" * LONGEST)
    assert not is_right_password(stored, "k" * LONGEST + "x")


def test_w22_missing_user_costs_a_verification_too(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    class Watched:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return True

    monkeypatch.setattr(passwords, "_hasher", Watched())
    assert not is_right_password(None, "whatever it is")
    assert verified == [passwords._dummy_hash]


def test_w24_old_hashes_are_recognised() -> None:
    weaker = passwords.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("four brown kettles sing")
    assert is_hash_outdated(weaker)
    assert not is_hash_outdated(hash_password("four brown kettles sing"))


def test_generated_passwords_are_good_and_differ() -> None:
    made = {generate_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_new_password(password)
