"""Previews made in a program of their own, which a hostile file may break without harm."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from app.files import PREVIEW_PROGRAM

TIMEOUT_SECONDS = 60.0
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
LARGEST_OUTPUT = 40_000_000  # bytes of all pictures together
MOST_PICTURES = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page."""

    media_type: str
    content: bytes
    width: int
    height: int


def make_previews(content: bytes, kind: str) -> list[Picture]:
    """The thumbnail and the first pages of a file of this kind (image, pdf); empty where none can be made."""
    command = [sys.executable, "-I", str(PREVIEW_PROGRAM), kind]
    try:
        answer = subprocess.run(command, input=content, capture_output=True, timeout=TIMEOUT_SECONDS, check=True)  # noqa: S603
        return list(_pictures(answer.stdout))
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        log.info("preview_failed", status=error.returncode, error=last[:200])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        log.info("preview_failed", error=str(error)[:200])
    return []


def _pictures(output: bytes) -> Iterator[Picture]:
    """What the program wrote, which is not to be trusted: it may be the file that speaks."""
    if len(output) > LARGEST_OUTPUT:
        raise ValueError("too much")
    for _ in range(MOST_PICTURES):
        line, _, output = output.partition(b"\n")
        if not line:
            return
        head = json.loads(line)
        content, output = output[: head["bytes"]], output[head["bytes"] :]
        beginning = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n"}[head["format"]]
        if not content.startswith(beginning):
            raise ValueError("no picture")
        yield Picture(MEDIA_TYPES[head["format"]], content, int(head["width"]), int(head["height"]))
