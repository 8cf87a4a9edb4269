"""The web server's own threads: kept connections, requests in one packet, many at once, and a stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app.cli.server import GRACEFUL_SECONDS
from app.cli.sign_in_line import LONGEST_BYTES, bytes_to_wait_for

THREADS = 4
SIGN_IN = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\ncontent-length: 20\r\n\r\n"
REQUEST = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("serving")
    settings = {"DATA_DIR": str(folder), "PORT": str(port), "THREADS": str(THREADS), "MAX_STREAMS": "1"}
    environment = {**os.environ, **{f"AFTERCARE_{name}": value for name, value in settings.items()}}
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"], env=environment, stdout=output, stderr=output
        )
    try:
        _wait_until_up(port, server, log)
        yield port
        with socket.create_connection(("127.0.0.1", port)) as kept:  # a browser that stays connected
            kept.sendall(REQUEST)
            assert b" 200 " in kept.recv(4096)
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            assert server.wait(15) == 0
            assert time.monotonic() - began < GRACEFUL_SECONDS  # it does not wait for who says nothing
    finally:
        server.kill()
        server.wait()
    assert "Traceback" not in log.read_text()


def _wait_until_up(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


def test_a_kept_connection_serves_many_requests(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(20):
        connection.request("GET", "/health")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"status":"ok"}\n')
    connection.close()


def test_more_connections_than_threads_are_all_served(port: int) -> None:
    connections = [HTTPConnection("127.0.0.1", port, timeout=20) for _ in range(5 * THREADS)]

    def ask_often(connection: HTTPConnection) -> set[int]:
        found = set()
        for _ in range(10):
            connection.request("GET", "/health")
            answer = connection.getresponse()
            answer.read()
            found.add(answer.status)
        return found

    with ThreadPoolExecutor(len(connections)) as people:
        assert list(people.map(ask_often, connections)) == [{200}] * len(connections)
    for connection in connections:
        connection.close()


def test_connections_that_say_nothing_keep_no_thread(port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(3 * THREADS)]
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/health")
    assert connection.getresponse().read() == b'{"status":"ok"}\n'
    connection.close()
    for other in silent:
        other.settimeout(20)
        assert other.recv(100) == b""  # closed by the server, which has waited long enough
        other.close()


def test_w24_a_crowd_that_signs_in_keeps_no_thread(port: int) -> None:
    crowd = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(3 * THREADS)]
    for beginning in (SIGN_IN[:30], SIGN_IN[30:], b"user_id=no"):
        for one in crowd:
            one.sendall(beginning)
        assert _is_served(port)
    for one in crowd:
        one.sendall(b"body&x=123")
    assert [one.recv(100).split()[1] for one in crowd] == [b"400"] * len(crowd)  # there is no form token
    for one in crowd:
        one.close()


def test_w24_a_sign_in_stands_in_line_when_it_has_arrived_whole() -> None:
    whole = len(SIGN_IN) + 20
    arriving = [(SIGN_IN[:9], None), (SIGN_IN[9:14], 15), (SIGN_IN[14:], whole), (b"x" * 19, whole), (b"x", 0)]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for sent, expected in arriving:
            theirs.sendall(sent)
            assert bytes_to_wait_for(ours) == expected
    assert bytes_to_wait_for(ours) is None  # gone


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /sign-in HTTP/1.1\r\n\r\n",
        SIGN_IN.replace(b" 20", b" 9000"),
        SIGN_IN.replace(b"length", b"size"),
        SIGN_IN.strip() + b"\r\nx: " + b"x" * LONGEST_BYTES,
    ],
)
def test_w24_nothing_else_stands_in_line(request_line: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(request_line)
        assert bytes_to_wait_for(ours) is None


@pytest.mark.parametrize("sent", [SIGN_IN[:14], SIGN_IN[:30], SIGN_IN + b"user_id=no"])
def test_w24_a_sign_in_whose_rest_never_comes_ends_with_its_browser(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(sent)
        time.sleep(0.2)
        one.shutdown(socket.SHUT_WR)
        while one.recv(4096):
            pass


def _is_served(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as other:
        other.sendall(REQUEST)
        return b" 200 " in other.recv(4096)


def test_requests_in_one_packet_are_answered_one_after_the_other(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(REQUEST * 3)
        received = b""
        while received.count(b'{"status":"ok"}') < 3:
            received += connection.recv(4096)
    assert received.count(b"HTTP/1.1 200 OK") == 3


def test_a_broken_request_is_refused_and_the_connection_closed(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nContent-Length: -1\r\n\r\n")
        received = b""
        while part := connection.recv(4096):
            received += part
    assert received.startswith(b"HTTP/1.1 400")
