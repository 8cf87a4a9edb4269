"""PDFs and pictures made in a program of their own: few at a time, each with an end."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping

import structlog

from app.documents import DOCUMENT_PROGRAM, IS_NOT_INSTALLED, picture_page
from app.errors import AppError, Busy
from app.i18n import N_

TIMEOUT_SECONDS = 40.0
MOST_AT_ONCE = 2
LONGEST_WAIT_SECONDS = 20.0
BEGINNINGS: Mapping[str, bytes] = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n"}
OWN_SETTINGS = "AFTERCARE_"  # keys and passwords among them: nothing that the program needs

_turns = threading.BoundedSemaphore(MOST_AT_ONCE)
log = structlog.get_logger(__name__)


class DocumentsNotInstalled(AppError):
    """What makes PDFs is not part of this installation."""

    http_status = 501

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This server cannot make PDFs yet. Whoever runs it installs the extra “pdf” (pip install"
                " 'aftercare[pdf]') and, as root, the packages libpango-1.0-0, libpangoft2-1.0-0,"
                " libharfbuzz-subset0 and fonts-noto-cjk. Nothing has to be restarted."
            )
        )


class DocumentFailed(AppError):
    """The program ended without a document."""

    http_status = 500

    def __init__(self) -> None:
        super().__init__(N_("The document could not be made. Try again; if it fails again, tell your administrator."))


def make_document(html: str, kind: str) -> bytes:
    """A document of this kind (pdf, png), for which no transaction should be held: it takes a second or two.

    Raises DocumentsNotInstalled, DocumentFailed, Busy.
    """
    if not _turns.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Busy(N_("Many documents are being made at the moment. Try again in a minute."))
    try:
        return _made(html.encode(), kind)
    finally:
        _turns.release()


def picture_of(svg: str) -> bytes | None:
    """A drawing as PNG; None where there can be none, which is no reason for a mail to stay."""
    try:
        return make_document(picture_page(svg), "png")
    except (DocumentsNotInstalled, DocumentFailed, Busy):
        return None


def _made(html: bytes, kind: str) -> bytes:
    command = [sys.executable, "-I", str(DOCUMENT_PROGRAM), kind]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
    try:
        answer = subprocess.run(  # noqa: S603
            command, input=html, capture_output=True, timeout=TIMEOUT_SECONDS, check=False, env=environment
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("document_failed", kind=kind, error=str(error)[:200])
        raise DocumentFailed from error
    last = answer.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    if answer.returncode == IS_NOT_INSTALLED:
        log.info("documents_not_installed", error=last)
        raise DocumentsNotInstalled
    if answer.returncode or not answer.stdout.startswith(BEGINNINGS[kind]):
        log.warning("document_failed", kind=kind, status=answer.returncode, error=last)
        raise DocumentFailed
    return answer.stdout
