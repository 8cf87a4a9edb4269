"""The product's server as in production (`aftercare run`), in processes of its own, and the CPU time they use."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.browser import HOST

ROOT = Path(__file__).parents[1]
PRODUCT = ("app.cli", "run")
START_WITHIN_SECONDS = 60.0
STOP_WITHIN_SECONDS = 20.0
# What a request leaves to be done after its answer (closing the session) belongs to it.
SETTLE_SECONDS = 0.002


class ServerNotUp(Exception):
    """The server ended or did not answer in time; the message is what it said."""


class Server:
    """A server that answers, and its processes: the one started and its children."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.process_id = pid
        self._pids = [pid, *_children(pid)]

    def cpu_seconds(self) -> float:
        """CPU used so far by all its processes and their threads, to the nanosecond."""
        time.sleep(SETTLE_SECONDS)
        return sum(time.clock_gettime(_cpu_clock(pid)) for pid in self._pids)


@contextmanager
def running_server(environment: Mapping[str, str], command: Sequence[str] = PRODUCT) -> Iterator[Server]:
    """Start it on a free port of loopback, without its worker; stop it at the end.

    Arguments: environment, with the data folder; command, the module that serves and its arguments. Raises
    ServerNotUp.
    """
    port = _free_port()
    settings = {"AFTERCARE_HOST": HOST, "AFTERCARE_PORT": str(port), "AFTERCARE_WORKER_IN_PROCESS": "0"}
    log_path = Path(environment["AFTERCARE_DATA_DIR"]) / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env={**environment, **settings}, stdout=log, stderr=log
        )
        try:
            _wait_until_up(process, port, log_path)
            yield Server(port, process.pid)
        finally:
            _stop(process)


def _wait_until_up(process: subprocess.Popen[bytes], port: int, log_path: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerNotUp(log_path.read_text(errors="replace"))
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether a server at this port of loopback is up."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_clock(pid: int) -> int:
    """Linux's id of the clock that counts the CPU time of a process, as `clock_getcpuclockid` gives it."""
    return (~pid << 3) | 2
