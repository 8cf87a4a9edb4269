"""Scanners of threats: clamd over its socket, or a program that reads the file. No answer means not clean (W48)."""

import shlex
import socket
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import structlog

TIMEOUT_SECONDS = 60.0
CLAMD_PORT = 3310
INFECTED_STATUS = 1  # of the program, as clamscan and clamdscan say it; 0 is clean, anything else no answer
_LENGTH = struct.Struct("!L")
_LONGEST_ANSWER = 4096

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner said; `threat` is its name for what it found."""

    kind: Literal["clean", "infected", "unavailable"]
    threat: str = ""


def scan(setting: str, pieces: Iterable[bytes]) -> Verdict:
    """Ask the scanner of the settings about a content that comes in pieces.

    Arguments: setting, `clamd://host:port`, `clamd:///path/of/socket` or a command with its arguments.
    """
    try:
        if setting.startswith("clamd:"):
            return _ask_clamd(setting, pieces)
        return _ask_program(shlex.split(setting), pieces)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.warning("scanner_unavailable", error=str(error))
        return Verdict("unavailable")


def _ask_clamd(setting: str, pieces: Iterable[bytes]) -> Verdict:
    """INSTREAM: pieces behind their lengths, a length of zero at the end (clamd's manual)."""
    with _connected(setting) as connection:
        connection.sendall(b"zINSTREAM\0")
        for piece in pieces:
            connection.sendall(_LENGTH.pack(len(piece)) + piece)
        connection.sendall(_LENGTH.pack(0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            received = connection.recv(_LONGEST_ANSWER)
            if not received:
                break
            answer += received
    text = answer.rstrip(b"\0").decode("utf-8", "replace").removeprefix("stream: ")
    if text == "OK":
        return Verdict("clean")
    if text.endswith(" FOUND"):
        return Verdict("infected", text.removesuffix(" FOUND"))
    log.warning("scanner_unavailable", answer=text[:200])
    return Verdict("unavailable")


def _connected(setting: str) -> socket.socket:
    address = urlsplit(setting)
    if address.hostname:
        place = (address.hostname, address.port or CLAMD_PORT)
        return socket.create_connection(place, timeout=TIMEOUT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT_SECONDS)
    try:
        connection.connect(address.path)
    except OSError:
        connection.close()
        raise
    return connection


def _ask_program(command: list[str], pieces: Iterable[bytes]) -> Verdict:
    """The content goes to its standard input: nothing of the file is ever part of a command."""
    answer = subprocess.run(  # noqa: S603 - the operator's own command
        command, input=b"".join(pieces), capture_output=True, timeout=TIMEOUT_SECONDS, check=False
    )
    if answer.returncode == 0:
        return Verdict("clean")
    if answer.returncode == INFECTED_STATUS:
        words = answer.stdout.decode("utf-8", "replace").strip().splitlines()
        return Verdict("infected", words[0][:200] if words else "?")
    log.warning("scanner_unavailable", status=answer.returncode)
    return Verdict("unavailable")
