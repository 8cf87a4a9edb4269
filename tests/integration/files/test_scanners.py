"""Scanners (W48): clamd's protocol over both kinds of sockets, programs, and every way to get no answer."""

import shlex
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.worker.scanners import Verdict, scan
from tests.file_samples import EICAR

FOUND = Verdict("infected", "Eicar-Test-Signature")


def _serve(listener: socket.socket, answer: bytes | None) -> None:
    connection, _address = listener.accept()
    with connection, connection.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(length)
        if answer is None:
            threat = b"stream: Eicar-Test-Signature FOUND\0"
            answer = threat if EICAR in content else b"stream: OK\0"
        connection.sendall(answer)


@contextmanager
def clamd(folder: Path | None = None, answer: bytes | None = None) -> Iterator[str]:
    """A stand-in for clamd that answers once; `answer` in place of the truth."""
    if folder is None:
        listener = socket.create_server(("127.0.0.1", 0))
        setting = f"clamd://127.0.0.1:{listener.getsockname()[1]}"
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(folder / "clamd.sock"))
        listener.listen()
        setting = f"clamd://{folder / 'clamd.sock'}"
    thread = threading.Thread(target=_serve, args=(listener, answer))
    thread.start()
    try:
        yield setting
    finally:
        thread.join()
        listener.close()


@pytest.mark.parametrize("kind", ["tcp", "unix"])
@pytest.mark.parametrize(("content", "verdict"), [(EICAR, FOUND), (b"harmless" * 100_000, Verdict("clean"))])
def test_w48_clamd_is_asked(kind: str, content: bytes, verdict: Verdict, tmp_path: Path) -> None:
    pieces = [content[start : start + 60_000] for start in range(0, len(content), 60_000)]
    with clamd(tmp_path if kind == "unix" else None) as setting:
        assert scan(setting, pieces) == verdict


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe\0", b"stream: OKAY\0"])
def test_w48_another_answer_is_no_answer(answer: bytes) -> None:
    with clamd(answer=answer) as setting:
        assert scan(setting, [b"x"]).kind == "unavailable"


def test_w48_nobody_there_is_no_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    for setting in (f"clamd://127.0.0.1:{port}", f"clamd://{tmp_path / 'none'}", str(tmp_path / "no-program")):
        assert scan(setting, [b"x"]).kind == "unavailable"


PROGRAM = f"""
import sys
content = sys.stdin.buffer.read()
if {EICAR!r} in content:
    print("Eicar-Test-Signature")
    sys.exit(1)
sys.exit(2 if b"confuse" in content else 0)
"""


@pytest.mark.parametrize(
    ("content", "verdict"),
    [(EICAR, FOUND), (b"harmless", Verdict("clean")), (b"confuse", Verdict("unavailable"))],
)
def test_w48_a_program_is_asked(content: bytes, verdict: Verdict, tmp_path: Path) -> None:
    program = tmp_path / "scanner.py"
    program.write_text(PROGRAM)
    assert scan(shlex.join([sys.executable, str(program)]), [content[:5], content[5:]]) == verdict
