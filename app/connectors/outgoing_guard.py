"""The one way out over HTTP: to hosts the settings list, whose addresses are all public, and to nothing they point to.

A name may resolve to something else at every look (rebinding), so it is resolved once, every answer is judged, and the
connection goes to the address that was judged, with the name for TLS and Host kept. No redirects, no proxies.
"""

import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from app.connectors.connector_failed import ConnectorFailed, Problem
from app.errors import InvalidInput
from app.i18n import N_

LONGEST_SECONDS = 10.0
LARGEST_ANSWER = 1024 * 1024
LONGEST_ADDRESS = 500
HTTPS_PORT = 443
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
# The special-purpose registries of IANA (RFC 6890 and later): nothing of them is a host of the internet.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
# Whatever lies outside, also the forms of IPv6 that carry an address of IPv4 inside, is not reached directly.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")

Resolve = Callable[..., Iterable[tuple[Any, ...]]]


class AddressRefused(InvalidInput):
    """Nothing may be sent to this address."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An address that may be used: what it says, not yet where it leads."""

    is_https: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class OutgoingGuard:
    """`hosts` are the pairs of host and port that may be reached; those of this machine only in tests and the demo."""

    hosts: frozenset[tuple[str, int]] = frozenset()
    may_reach_loopback: bool = False
    resolve: Resolve = field(default=socket.getaddrinfo, compare=False)

    def check(self, address: str) -> Destination:
        """Judge what an address says, without asking for its name; raises AddressRefused."""
        parts = _parts(address)
        host = (parts.hostname or "").lower()
        is_loopback = self.may_reach_loopback and host in LOOPBACK_NAMES
        if parts.scheme != "https" and not (is_loopback and parts.scheme == "http"):
            raise AddressRefused(N_("Give an address that begins with https://."))
        if not is_loopback and not _HOST.match(host):
            raise AddressRefused(N_("Give the name of a host, not the number of its address."))
        port = parts.port or (HTTPS_PORT if parts.scheme == "https" else 80)
        if (host, port) not in self.hosts:
            raise AddressRefused(
                N_("“%(host)s” is not among the hosts that may be reached: add it to AFTERCARE_OUTGOING_HOSTS."),
                host=host if port == HTTPS_PORT else f"{host}:{port}",
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Destination(parts.scheme == "https", host, port, path)

    def request(
        self, method: str, address: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpAnswer:
        """Send one request and read the whole answer, a redirect like any other.

        Raises AddressRefused; ConnectorFailed when there is no answer within 10 s, or one of more than 1 MB.
        """
        destination = self.check(address)
        connection = _connection(destination, self._judged_address(destination))
        deadline = _Deadline(connection)
        try:
            with closing(connection), deadline:
                connection.request(method, destination.path, body=body, headers=dict(headers or {}))
                answer = connection.getresponse()
                content = answer.read(LARGEST_ANSWER + 1)
        except (OSError, HTTPException) as error:
            problem = "too_slow" if deadline.is_over else _problem(error)
            raise ConnectorFailed(f"{destination.host}: {type(error).__name__}: {error}", problem) from error
        if deadline.is_over:
            raise ConnectorFailed(f"{destination.host}: no whole answer within {LONGEST_SECONDS} seconds", "too_slow")
        if len(content) > LARGEST_ANSWER:
            raise ConnectorFailed(f"{destination.host}: the answer is larger than {LARGEST_ANSWER} bytes", "too_large")
        return HttpAnswer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def _judged_address(self, destination: Destination) -> str:
        """The first address of the host, once all of them are known to be public."""
        try:
            answers = self.resolve(destination.host, destination.port, type=socket.SOCK_STREAM)
            found = [str(answer[4][0]) for answer in answers]
        except OSError as error:
            raise ConnectorFailed(f"{destination.host}: {error}", "unknown_host") from error
        is_loopback = self.may_reach_loopback and destination.host in LOOPBACK_NAMES
        if not found or not all(_is_loopback(one) if is_loopback else is_public(one) for one in found):
            raise AddressRefused(N_("“%(host)s” does not lead to a public address."), host=destination.host)
        return found[0]


def host_and_port(address: str) -> tuple[str, int]:
    """The pair that the guard lists for an address."""
    parts = urlsplit(address)
    return (parts.hostname or "").lower(), parts.port or (HTTPS_PORT if parts.scheme == "https" else 80)


def is_public(address: str) -> bool:
    """Whether an address of IP is one of the internet, not of a network of somebody's own or of this machine."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed not in _GLOBAL_IPV6:
        return False
    return not any(parsed in network for network in _NOT_PUBLIC)


def _parts(address: str) -> SplitResult:
    refusal = AddressRefused(N_("This is not an address. Write it like https://host/path, without a password."))
    if len(address) > LONGEST_ADDRESS or not address.isascii() or any(sign in address for sign in "\\@"):
        raise refusal
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in address):
        raise refusal
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise refusal from error
    return parts


def _problem(error: Exception) -> Problem:
    if isinstance(error, ssl.SSLError):
        return "certificate"
    return "too_slow" if isinstance(error, TimeoutError) else "no_answer"


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


class _Pinned(HTTPConnection):
    """A connection to the address that was judged; the name goes into Host, and with TLS into the handshake.

    `opened` is the socket, which the library lets go of before the answer is read.
    """

    judged_address = ""
    opened: socket.socket | None = None

    def connect(self) -> None:
        self.sock = self.opened = socket.create_connection((self.judged_address, self.port), self.timeout)


class _PinnedWithTls(_Pinned):
    default_port = HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = self.opened = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


class _Deadline:
    """However slowly the other side drips, after `LONGEST_SECONDS` in all it is over."""

    def __init__(self, connection: _Pinned) -> None:
        self._connection = connection
        self._timer = threading.Timer(LONGEST_SECONDS, self._end)
        self._timer.daemon = True
        self.is_over = False

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._connection.opened:
            with suppress(OSError):  # it has just ended by itself
                self._connection.opened.shutdown(socket.SHUT_RDWR)


def _connection(destination: Destination, address: str) -> _Pinned:
    kind = _PinnedWithTls if destination.is_https else _Pinned
    connection = kind(destination.host, destination.port, timeout=LONGEST_SECONDS)
    connection.judged_address = address
    return connection
