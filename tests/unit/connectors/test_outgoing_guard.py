"""W38: which addresses the product may send to. No name is really asked for here."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from app.connectors.outgoing_guard import AddressRefused, OutgoingGuard, is_public

PUBLIC = "93.184.215.14"
ALLOWED = frozenset({("hooks.example", 443), ("crm.example", 8443), ("127.0.0.1", 8443), ("localhost", 443)})


def _resolving(*answers: str) -> Any:
    return lambda _host, port, **_more: [(0, 0, 0, "", (answer, port)) for answer in answers]


def _guard(*answers: str) -> OutgoingGuard:
    return OutgoingGuard(ALLOWED, resolve=_resolving(*answers))


@pytest.mark.parametrize(
    "address", ["https://hooks.example/ok", "https://crm.example:8443/in?a=b", "https://HOOKS.example"]
)
def test_w38_listed_hosts_are_let_through(address: str) -> None:
    assert _guard(PUBLIC).check(address).host in ("hooks.example", "crm.example")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://127.0.0.1:8443/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
        "https://127.1/", "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/",
        "https://100.100.100.200/", "https://metadata.google.internal/", "https://10.0.0.1/",
        "https://192.168.1.1:8443/", "https://0.0.0.0/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x",
        "https://hooks.example@127.0.0.1/", "https://127.0.0.1#@hooks.example/", "https://hooks.example\\@127.0.0.1/",
        "https://hooks.example.evil.example/", "https://hooks.example%2f@evil.example/", "https://ⓗooks.example/",
        "https://hooks.example:22/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "http://hooks.example/",
        "https://user:word@hooks.example/", "https://hooks.example:8443/", "https://hooks.example./",
        "https://hooks.example:99999/", "https://hooks.example /", "https://hooks.example/\r\nHost: x",
        "//hooks.example", "https://", "", "https://hooks.example/" + "a" * 500, "https://[hooks.example/", "https://93.184.215.14/",
    ],
)  # fmt: skip
def test_w38_addresses_that_lead_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        _guard(PUBLIC).check(address)


BAD_ANSWERS = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.0.8", "::1", "::", "fe80::1%eth0", "fc00::1",  # noqa: S104
    "fd00:ec2::254", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ff02::1", "192.0.2.1", "203.0.113.9", "2001:db8::1", "::ffff:93.184.215.14", "not an address",
)  # fmt: skip


@pytest.mark.parametrize("answer", BAD_ANSWERS)
def test_w38_one_answer_that_is_not_public_refuses_all(answer: str) -> None:
    for answers in ((answer,), (PUBLIC, answer), (answer, PUBLIC)):
        with pytest.raises(AddressRefused):
            _guard(*answers).request("POST", "https://hooks.example/ok")


@pytest.mark.parametrize("answer", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_public(answer: str) -> None:
    assert is_public(answer)


def test_w38_name_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(AddressRefused):
        _guard().request("GET", "https://hooks.example/")


class Connected(Exception):
    """Where the connection would have gone."""


@pytest.mark.parametrize("second", BAD_ANSWERS)
def test_w38_name_is_asked_once_and_the_judged_address_is_used(second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the second look would find an address inside."""
    answers: Iterator[str] = iter([PUBLIC, second])

    def flipping(_host: str, port: int, **_more: object) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_more: object) -> socket.socket:
        raise Connected(address)

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Connected, match=PUBLIC):
        OutgoingGuard(ALLOWED, resolve=flipping).request("GET", "https://hooks.example/")
    assert next(answers) == second


def test_w38_this_machine_is_reached_in_tests_only() -> None:
    listed = frozenset({("127.0.0.1", 8080)})
    assert OutgoingGuard(listed, may_reach_loopback=True).check("http://127.0.0.1:8080/in").port == 8080
    for guard, address in (
        (OutgoingGuard(listed), "http://127.0.0.1:8080/in"),
        (OutgoingGuard(listed, may_reach_loopback=True), "http://127.0.0.1:9/in"),
        (OutgoingGuard(ALLOWED, may_reach_loopback=True), "http://hooks.example/"),
    ):
        with pytest.raises(AddressRefused):
            guard.check(address)
    inside = OutgoingGuard(ALLOWED, may_reach_loopback=True, resolve=_resolving("127.0.0.1"))
    with pytest.raises(AddressRefused):
        inside.request("GET", "https://hooks.example/")
