"""Signing in with the account of another provider (OpenID Connect Core 1.0, code flow with PKCE): who is it?

The provider's description, keys and answers come over the guarded way out; its word counts only when the signature is
one of its keys', made by an asymmetric algorithm, and issuer, audience, times and nonce are those of this very sign-in.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.config import OidcSettings
from app.connectors.connector_failed import ConnectorFailed
from app.connectors.outgoing_guard import OutgoingGuard
from app.errors import AppError
from app.i18n import N_

# Never `none`, never the ones where the client's secret or the public key would do as a key (RFC 8725, 3.1).
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
KEY_TYPES = ("RSA", "EC", "OKP")
DESCRIPTION_PATH = "/.well-known/openid-configuration"
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
KEPT_SECONDS = 3600.0
KEYS_ASKED_AGAIN_AFTER = 60.0


class IdentityRefused(AppError):
    """What the provider, or somebody in its name, says cannot be believed; `detail` is for the log only."""

    http_status = 403

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(N_("The sign-in could not be verified. Begin again from the sign-in page."))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way: what only the browser that began it knows."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> "Attempt":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @property
    def challenge(self) -> str:
        """What the provider is shown of the verifier (RFC 7636, S256)."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as the provider knows them. Only the pair names a person: addresses of mail change hands."""

    issuer: str
    subject: str
    groups: tuple[str, ...] | None = field(default=None, compare=False)  # None: the provider says nothing of groups


class OpenIdProvider:
    """The provider of the settings; its description and keys are kept for an hour."""

    def __init__(self, settings: OidcSettings, guard: OutgoingGuard, redirect_uri: str) -> None:
        self.settings = settings
        self._guard = guard
        self._redirect_uri = redirect_uri
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def address_to_sign_in(self, attempt: Attempt) -> str:
        """Where to send the browser. Raises ConnectorFailed, IdentityRefused."""
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": self.settings.scope,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def identity(self, attempt: Attempt, code: str) -> Identity:
        """Whose code this is. Raises ConnectorFailed, IdentityRefused."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self.settings.client_id,
            "code_verifier": attempt.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        methods = self._description().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in methods:
            pair = f"{_quoted(self.settings.client_id)}:{_quoted(self.settings.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_secret"] = self.settings.client_secret
        answer = self._guard.request(
            "POST", self._endpoint("token_endpoint"), headers=headers, body=urlencode(form).encode()
        )
        if answer.status != 200:
            raise IdentityRefused(f"the token endpoint answered {answer.status}")
        token = _object(answer.body).get("id_token")
        if not isinstance(token, str):
            raise IdentityRefused("no ID token in the answer")
        return self.verified(token, attempt.nonce)

    def verified(self, token: str, nonce: str) -> Identity:
        """Who the token is about (OpenID Connect Core 1.0, 3.1.3.7). Raises IdentityRefused, ConnectorFailed."""
        claims = self._signed_claims(token)
        self._check_claims(claims)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise IdentityRefused("the nonce is not the one of this sign-in")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise IdentityRefused("no subject")
        return Identity(self.settings.issuer, subject, _texts_of(claims.get(self.settings.groups_claim)))

    def address_to_sign_out(self, back_to: str) -> str | None:
        """Where a browser ends its session at the provider (OpenID Connect RP-Initiated Logout 1.0, 2).

        None where the provider has no such place. Arguments: back_to, the address to come back to, which the provider
        must know. Raises ConnectorFailed, IdentityRefused.
        """
        endpoint = self._description().get("end_session_endpoint")
        if not isinstance(endpoint, str):
            return None
        self._guard.check(endpoint)
        query = urlencode({"client_id": self.settings.client_id, "post_logout_redirect_uri": back_to})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def _signed_claims(self, token: str) -> Mapping[str, Any]:
        for is_last in (False, True):
            try:
                return jwt.decode(token, self._keys(is_fresh=is_last), algorithms=ALGORITHMS).claims
            except (JoseError, ValueError, TypeError, KeyError) as error:
                # A provider changes its keys now and then: they are asked for once more, at most once a minute.
                if is_last or not self._may_ask_for_keys_again():
                    raise IdentityRefused(f"{type(error).__name__}: {error}") from error
        raise IdentityRefused("no key")

    def _check_claims(self, claims: Mapping[str, Any]) -> None:
        now, issuer, client_id = time.time(), self.settings.issuer, self.settings.client_id
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        times = [claims.get(name) for name in ("exp", "iat")]
        if claims.get("iss") != issuer:
            raise IdentityRefused("another issuer")
        if client_id not in audiences:
            raise IdentityRefused("for another client")
        if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
            raise IdentityRefused("given to another client")
        if not all(isinstance(moment, int | float) and not isinstance(moment, bool) for moment in times):
            raise IdentityRefused("no times")
        expires_at, issued_at = (float(moment) for moment in times if moment is not None)
        if expires_at <= now - LEEWAY_SECONDS:
            raise IdentityRefused("expired")
        if issued_at > now + LEEWAY_SECONDS:
            raise IdentityRefused("issued in the future")

    def _endpoint(self, name: str) -> str:
        address = self._description().get(name)
        if not isinstance(address, str):
            raise IdentityRefused(f"the provider's description has no {name}")
        self._guard.check(address)
        return address

    def _description(self) -> Mapping[str, Any]:
        found = self._get(self.settings.issuer.rstrip("/") + DESCRIPTION_PATH)
        if found.get("issuer") != self.settings.issuer:
            raise IdentityRefused("the description is of another issuer")
        return found

    def _keys(self, *, is_fresh: bool) -> KeySet:
        found = self._get(self._endpoint("jwks_uri"), is_fresh=is_fresh)
        keys = [key for key in found.get("keys", []) if key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"]
        return KeySet.import_key_set({"keys": keys})

    def _may_ask_for_keys_again(self) -> bool:
        asked_at, _ = self._kept.get(self._endpoint("jwks_uri"), (0.0, {}))
        return time.monotonic() - asked_at >= KEYS_ASKED_AGAIN_AFTER

    def _get(self, address: str, *, is_fresh: bool = False) -> Mapping[str, Any]:
        with self._lock:
            asked_at, found = self._kept.get(address, (0.0, None))
            if found is not None and not is_fresh and time.monotonic() - asked_at < KEPT_SECONDS:
                return found
        answer = self._guard.request("GET", address, headers={"Accept": "application/json"})
        if answer.status != 200:
            raise ConnectorFailed(f"{address}: {answer.status}")
        fetched = _object(answer.body)
        with self._lock:
            self._kept[address] = (time.monotonic(), fetched)
        return fetched


def _texts_of(claim: object) -> tuple[str, ...] | None:
    """The groups of a claim: a list of texts, or one text; None for anything else."""
    if isinstance(claim, str):
        return (claim,)
    return tuple(one for one in claim if isinstance(one, str)) if isinstance(claim, list) else None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise IdentityRefused("an answer that is not JSON") from error
    if not isinstance(found, dict):
        raise IdentityRefused("an answer that is no object")
    return found


def _quoted(text: str) -> str:
    """As RFC 6749, 2.3.1 wants client id and secret before they are put together."""
    return urlencode({"": text})[1:]
