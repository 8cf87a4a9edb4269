"""Documents come from a program of its own, which may be missing, break or take too long without harm."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.documents import DOCUMENT_PROGRAM, IS_NOT_INSTALLED
from app.errors import Busy
from app.worker import documents
from app.worker.documents import DocumentFailed, DocumentsNotInstalled, make_document, picture_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="red"/></svg>'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in the place of the program."""
    path = tmp_path / "program.py"
    monkeypatch.setattr(documents, "DOCUMENT_PROGRAM", path)
    return path


def test_a_document_and_a_picture(documents_can_be_made: None) -> None:
    assert make_document("<p>受理</p>", "pdf").startswith(b"%PDF-")
    assert (picture_of(SVG) or b"").startswith(b"\x89PNG")


def test_a_document_that_asks_for_too_much_ends(documents_can_be_made: None) -> None:
    with pytest.raises(DocumentFailed):
        make_document("<div>" * 5000, "pdf")


@pytest.mark.parametrize("missing", ["weasyprint", "weasyprint.urls"])
def test_the_program_says_that_something_is_not_installed(missing: str) -> None:
    code = f"import runpy,sys;sys.modules[{missing!r}]=None;runpy.run_path({str(DOCUMENT_PROGRAM)!r})"
    program = [sys.executable, "-I", "-c", code]
    assert subprocess.run(program, capture_output=True, check=False).returncode == IS_NOT_INSTALLED


def test_without_what_it_takes_people_are_told_and_mail_goes_without_pictures(program: Path) -> None:
    program.write_text(f"raise SystemExit({IS_NOT_INSTALLED})")
    with pytest.raises(DocumentsNotInstalled, match="libpango"):
        make_document("<p>", "pdf")
    assert picture_of(SVG) is None


@pytest.mark.parametrize("source", ["raise SystemExit(1)", "print('no document')", "import time; time.sleep(9)"])
def test_a_program_that_breaks_harms_nobody(program: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "TIMEOUT_SECONDS", 1.0)
    program.write_text(source)
    with pytest.raises(DocumentFailed):
        make_document("<p>", "pdf")
    assert picture_of(SVG) is None


def test_the_program_learns_no_secret_of_the_settings(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", "a secret")
    program.write_text("import os; print('%PDF-' + str(any('AFTERCARE' in name for name in os.environ)))")
    assert make_document("<p>", "pdf") == b"%PDF-False\n"


def test_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(documents, "LONGEST_WAIT_SECONDS", 0.01)
    with documents._turns, pytest.raises(Busy):
        make_document("<p>", "pdf")
