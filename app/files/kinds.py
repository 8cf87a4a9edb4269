"""Which files may be added: by extension and by content, both (W45). What is not listed is refused."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from app.errors import InvalidInput
from app.files.archives import ArchiveUnfit, entries_of
from app.files.names import extension_of
from app.i18n import N_

_HEAD = 64  # bytes that tell a kind
_BLOCK = 1 << 20
_OFFICE = "application/vnd.openxmlformats-officedocument."
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v")


class FileRefused(InvalidInput):
    """The file is of no allowed kind, is not what its name says, or breaks a limit."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file. `check` raises FileRefused where the content is of another kind."""

    extensions: tuple[str, ...]
    media_type: str
    check: Callable[[BinaryIO, int], None]
    preview: Literal["image", "pdf"] | None = None


def _begins(*beginnings: tuple[int, bytes]) -> Callable[[BinaryIO, int], None]:
    """A check that one of the signatures (place, bytes) is there."""

    def check(file: BinaryIO, _size: int) -> None:
        file.seek(0)
        head = file.read(_HEAD)
        if not any(head.startswith(mark, place) for place, mark in beginnings):
            raise _not_what_it_says()

    return check


def _riff(form: bytes) -> Callable[[BinaryIO, int], None]:
    def check(file: BinaryIO, _size: int) -> None:
        file.seek(0)
        head = file.read(_HEAD)
        if head[:4] != b"RIFF" or head[8:12] != form:
            raise _not_what_it_says()

    return check


def _office(part: str) -> Callable[[BinaryIO, int], None]:
    def check(file: BinaryIO, size: int) -> None:
        try:
            names = entries_of(file, size)
        except ArchiveUnfit as error:
            raise FileRefused(
                N_("The file is damaged, locked with a password, or unpacks into too much. Save it again and retry.")
            ) from error
        if part not in names or "[Content_Types].xml" not in names:
            raise _not_what_it_says()
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise FileRefused(N_("The file contains macros. Save it without them."))

    return check


def _text(file: BinaryIO, _size: int) -> None:
    """Text in UTF-8 or GB18030 without control signs."""
    if not any(_decodes(file, encoding) for encoding in ("utf-8", "gb18030")):
        raise FileRefused(N_("This is no text in UTF-8 or GB18030. Save it as UTF-8 and retry."))


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    while block := file.read(_BLOCK):
        if not _CONTROLS.isdisjoint(block):
            return False
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


KINDS: tuple[FileKind, ...] = (
    FileKind(("jpg", "jpeg"), "image/jpeg", _begins((0, b"\xff\xd8\xff")), "image"),
    FileKind(("png",), "image/png", _begins((0, b"\x89PNG\r\n\x1a\n")), "image"),
    FileKind(("webp",), "image/webp", _riff(b"WEBP"), "image"),
    FileKind(("gif",), "image/gif", _begins((0, b"GIF87a"), (0, b"GIF89a")), "image"),
    FileKind(("pdf",), "application/pdf", _begins((0, b"%PDF-")), "pdf"),
    FileKind(("xlsx",), f"{_OFFICE}spreadsheetml.sheet", _office("xl/workbook.xml")),
    FileKind(("docx",), f"{_OFFICE}wordprocessingml.document", _office("word/document.xml")),
    FileKind(("txt",), "text/plain", _text),
    FileKind(("csv",), "text/csv", _text),
    FileKind(("mp3",), "audio/mpeg", _begins((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2"))),
    FileKind(("wav",), "audio/wav", _riff(b"WAVE")),
    FileKind(("m4a",), "audio/mp4", _begins((4, b"ftyp"))),
    FileKind(("ogg",), "audio/ogg", _begins((0, b"OggS"))),
    FileKind(("amr",), "audio/amr", _begins((0, b"#!AMR"))),
)
_BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}
EXTENSIONS: tuple[str, ...] = tuple(_BY_EXTENSION)


def check_content(file: BinaryIO, name: str, size: int) -> FileKind:
    """The kind of a file by its name, once its content agrees; leaves `file` at its beginning. Raises FileRefused.

    Arguments: name, cleaned; size in bytes.
    """
    kind = _BY_EXTENSION.get(extension_of(name))
    if kind is None:
        raise FileRefused(
            N_("Files of this kind cannot be added. Allowed are: %(kinds)s."), kinds=", ".join(EXTENSIONS)
        )
    if size == 0:
        raise FileRefused(N_("The file is empty."))
    kind.check(file, size)
    file.seek(0)
    return kind


def preview_kind(media_type: str) -> Literal["image", "pdf"] | None:
    """Which kind of preview files of a media type have."""
    return next((kind.preview for kind in KINDS if kind.media_type == media_type), None)


def _not_what_it_says() -> FileRefused:
    return FileRefused(N_("The content of the file is not what its name says. Save it again in the right format."))
