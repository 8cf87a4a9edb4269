"""W28: what a provider, or somebody in its name, says about who signs in: all the ways in which it must not count."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from app.config import OidcSettings
from app.connectors.open_id import DESCRIPTION_PATH, Attempt, Identity, IdentityRefused, OpenIdProvider
from app.connectors.outgoing_guard import AddressRefused, HttpAnswer, OutgoingGuard

ISSUER, CLIENT, SECRET, NONCE = "https://idp.example", "aftercare", "a secret of the client's, long", "nonce-of-now"
KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
DESCRIPTION = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


@dataclass(frozen=True)
class ToldGuard(OutgoingGuard):
    """Judges addresses as the real one does, and answers from memory."""

    answers: dict[str, Any] = field(default_factory=dict, compare=False)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list, compare=False)

    def request(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpAnswer:
        self.check(address)
        self.asked.append((method, address, body))
        return HttpAnswer(200, {}, json.dumps(self.answers[address]).encode())


@pytest.fixture
def guard() -> ToldGuard:
    keys = {"keys": [KEY.as_dict(private=False)]}
    answers = {ISSUER + DESCRIPTION_PATH: dict(DESCRIPTION), f"{ISSUER}/keys": keys}
    return ToldGuard(hosts=frozenset({("idp.example", 443)}), answers=answers)


@pytest.fixture
def provider(guard: ToldGuard) -> OpenIdProvider:
    settings = OidcSettings(ISSUER, CLIENT, SECRET, "The provider")
    return OpenIdProvider(settings, guard, "https://care.example/sign-in/provider/back")


def claims(**changes: object) -> dict[str, Any]:
    now = int(time.time())
    made = {"iss": ISSUER, "aud": CLIENT, "sub": "kim", "exp": now + 300, "iat": now, "nonce": NONCE, **changes}
    return {name: value for name, value in made.items() if value is not None}


def signed(key: Any = KEY, header: dict[str, Any] | None = None, **changes: object) -> str:
    return jwt.encode(header or {"alg": "RS256", "kid": "one"}, claims(**changes), key, algorithms=["RS256"])


def unsigned() -> str:
    body = signed().split(".")[1]
    return f"eyJhbGciOiJub25lIn0.{body}."


def tampered() -> str:
    head, _body, signature = signed().split(".")
    return f"{head}.{signed(sub='boss').split('.')[1]}.{signature}"


def with_key_of_its_own() -> str:
    header = {"alg": "RS256", "jwk": OTHER.as_dict(private=False)}
    registry = jws.JWSRegistry(algorithms=["RS256"])
    return jws.serialize_compact(header, json.dumps(claims()), OTHER, registry=registry)


def keyed_with(secret: bytes) -> str:
    """Made by hand: the library refuses to take a public key for a secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one"}, claims())]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(secret, text, "sha256")).rstrip(b"=")
    return (text + b"." + mac).decode()


BAD: dict[str, Callable[[], str]] = {
    "unsigned": unsigned,
    "HS256 with the public key": lambda: keyed_with(KEY.as_pem(private=False)),
    "HS256 with the client's secret": lambda: keyed_with(SECRET.encode()),
    "signed by another key of the same name": lambda: signed(OTHER),
    "signed by a key that it brings along": with_key_of_its_own,
    "signed by an unknown key": lambda: signed(header={"alg": "RS256", "kid": "two"}),
    "another body under the signature": tampered,
    "of another issuer": lambda: signed(iss="https://evil.example"),
    "for another client": lambda: signed(aud="somebody-else"),
    "for several clients, given to another": lambda: signed(aud=[CLIENT, "other"], azp="other"),
    "for several clients, given to nobody named": lambda: signed(aud=[CLIENT, "other"]),
    "expired": lambda: signed(exp=int(time.time()) - 120),
    "without an end": lambda: signed(exp=None),
    "with an end that is no number": lambda: signed(exp=True),
    "from the future": lambda: signed(iat=int(time.time()) + 600),
    "with the nonce of an earlier sign-in": lambda: signed(nonce="nonce-of-yesterday"),
    "without a nonce": lambda: signed(nonce=None),
    "about nobody": lambda: signed(sub=None),
    "about an empty name": lambda: signed(sub=""),
    "no token at all": lambda: "a.b.c",
}


def test_w28_a_good_token_names_issuer_and_subject(provider: OpenIdProvider) -> None:
    assert provider.verified(signed(email="boss@shop.example"), NONCE) == Identity(ISSUER, "kim")
    assert provider.verified(signed(aud=[CLIENT, "other"], azp=CLIENT), NONCE).subject == "kim"


@pytest.mark.parametrize("name", BAD)
def test_w28_a_bad_token_is_refused(provider: OpenIdProvider, name: str) -> None:
    with pytest.raises(IdentityRefused):
        provider.verified(BAD[name](), NONCE)


def test_w28_the_request_carries_state_nonce_and_challenge_and_the_exact_address_back(
    provider: OpenIdProvider,
) -> None:
    attempt = Attempt.begin()
    query = parse_qs(urlsplit(provider.address_to_sign_in(attempt)).query)
    assert query["redirect_uri"] == ["https://care.example/sign-in/provider/back"]
    assert (query["state"], query["nonce"]) == ([attempt.state], [attempt.nonce])
    assert (query["code_challenge"], query["code_challenge_method"]) == ([attempt.challenge], ["S256"])
    assert attempt.verifier not in str(query)
    # The example of RFC 7636, appendix B.
    example = Attempt("", "", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert example.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_w28_a_description_of_another_issuer_is_refused(provider: OpenIdProvider, guard: ToldGuard) -> None:
    guard.answers[ISSUER + DESCRIPTION_PATH]["issuer"] = "https://evil.example"
    with pytest.raises(IdentityRefused):
        provider.verified(signed(), NONCE)


@pytest.mark.parametrize("address", ["http://idp.example/keys", "https://169.254.169.254/keys", "https://evil.example/k"])
def test_w28_keys_come_from_listed_hosts_only(provider: OpenIdProvider, guard: ToldGuard, address: str) -> None:
    guard.answers[ISSUER + DESCRIPTION_PATH]["jwks_uri"] = address
    with pytest.raises(AddressRefused):
        provider.verified(signed(), NONCE)


def test_new_keys_of_the_provider_are_asked_for_once_a_minute(
    provider: OpenIdProvider, guard: ToldGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.verified(signed(), NONCE)
    new = RSAKey.generate_key(2048, {"kid": "new", "alg": "RS256", "use": "sig"})
    guard.answers[f"{ISSUER}/keys"] = {"keys": [new.as_dict(private=False)]}
    token = signed(new, {"alg": "RS256", "kid": "new"})
    with pytest.raises(IdentityRefused):
        provider.verified(token, NONCE)
    later = time.monotonic() + 61
    monkeypatch.setattr("app.connectors.open_id.time.monotonic", lambda: later)
    assert provider.verified(token, NONCE).subject == "kim"
    assert sum(address.endswith("/keys") for _method, address, _body in guard.asked) == 2


def test_the_code_is_redeemed_with_the_verifier(provider: OpenIdProvider, guard: ToldGuard) -> None:
    attempt = Attempt("state", NONCE, "the verifier")
    guard.answers[f"{ISSUER}/token"] = {"id_token": signed()}
    assert provider.identity(attempt, "the code") == Identity(ISSUER, "kim")
    sent = parse_qs(guard.asked[-2][2].decode() or guard.asked[-1][2].decode())
    assert (sent["code"], sent["code_verifier"]) == (["the code"], ["the verifier"])
    assert "client_secret" not in sent, "it goes into the header"
