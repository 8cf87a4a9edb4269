import io

import pytest

from app.files import EXTENSIONS, FileKind, FileRefused, check_content
from tests.file_samples import GOOD, archive, docx, pdf, png, xlsx


def check(name: str, content: bytes) -> FileKind:
    return check_content(io.BytesIO(content), name, len(content))


@pytest.mark.parametrize("name", GOOD)
def test_w45_an_allowed_file_passes(name: str) -> None:
    file = io.BytesIO(GOOD[name])
    kind = check_content(file, name, len(GOOD[name]))
    assert name.lower().rpartition(".")[2] in kind.extensions
    assert file.tell() == 0


def test_w45_each_extension_has_a_sample() -> None:
    assert set(EXTENSIONS) == {name.lower().rpartition(".")[2] for name in GOOD}


@pytest.mark.parametrize(
    "name",
    ["page.html", "drawing.svg", "run.exe", "macro.xlsm", "old.xls", "photo.jpg.php", "noextension", "a.zip", "m.bpmn"],
)
def test_w45_other_extensions_are_refused(name: str) -> None:
    with pytest.raises(FileRefused, match="cannot be added"):
        check(name, GOOD["photo.png"])


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith((".txt", ".csv"))])
@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\0" + bytes(64), b"<svg onload=x>"])
def test_w45_content_of_another_kind_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        check(name, content)


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", docx()), ("a.docx", xlsx()), ("a.xlsx", archive())])
def test_w45_another_kind_of_office_file_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused, match="not what its name says"):
        check(name, content)


def test_w45_macros_are_refused() -> None:
    with pytest.raises(FileRefused, match="macros"):
        check("a.xlsx", xlsx(xl__vbaProject_bin=b"x"))


@pytest.mark.parametrize("content", [b"a\0b", b"\x1b[31m", b"\xff\xfea\0", b"\x81"])
def test_w45_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="no text"):
        check("a.txt", content)


def test_w45_nothing_is_refused() -> None:
    with pytest.raises(FileRefused, match="empty"):
        check("a.txt", b"")


def test_which_kinds_have_a_preview() -> None:
    assert check("a.png", png()).preview == "image"
    assert check("a.pdf", pdf()).preview == "pdf"
    assert check("a.txt", b"a").preview is None
