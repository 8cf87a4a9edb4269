"""The signature is the one of Standard Webhooks; secrets of earlier versions go on counting as they did."""

import base64
import hashlib
import hmac

from app.connectors.signed_webhook import signature


def test_signature_is_that_of_the_published_example() -> None:
    """The reference example of Standard Webhooks."""
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert signed == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secret_that_is_no_base64_stands_for_itself() -> None:
    text = "q" * 42 + "_"  # 43 signs, as all of them had
    expected = hmac.new(text.encode(), b"1.2.{}", hashlib.sha256).digest()
    assert signature(f"whsec_{text}", "1", "2", b"{}") == base64.b64encode(expected).decode()
