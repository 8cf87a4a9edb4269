"""Archives looked at before anything unpacks them: office files are archives, a small one may hold a flood (W46)."""

import struct
import zipfile
from typing import BinaryIO

MOST_ENTRIES = 2000
LONGEST_DIRECTORY = 1 << 20  # bytes; read whole by whoever opens the archive
MOST_UNPACKED = 300 << 20  # bytes
# Sheets of equal rows reach 50; a flood begins in the hundreds.
HIGHEST_RATIO = 120
_END = struct.Struct("<4s4H2LH")  # APPNOTE.TXT 4.3.16: end of central directory record
_END_MARK, _LONGEST_COMMENT = b"PK\x05\x06", 0xFFFF
_IS_ENCRYPTED = 0x1
_LOCAL_HEADER_BYTES = 30


class ArchiveUnfit(ValueError):
    """The archive is damaged, locked, or unpacks into more than anybody means."""


def entries_of(file: BinaryIO, size: int) -> frozenset[str]:
    """The names in an archive that may be unpacked without harm; reads its directory only. Raises ArchiveUnfit."""
    _check_directory(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise ArchiveUnfit("damaged") from error
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * max(size, 1):
        raise ArchiveUnfit("too much")
    if packed > size or _overlap(entries):
        raise ArchiveUnfit("entries share their bytes")
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise ArchiveUnfit("locked")
    return frozenset(entry.filename for entry in entries)


def _check_directory(file: BinaryIO, size: int) -> None:
    """The directory's own length comes first: listing a million entries is harm enough."""
    file.seek(max(size - _END.size - _LONGEST_COMMENT, 0))
    tail = file.read()
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) - place < _END.size:
        raise ArchiveUnfit("no directory")
    entries, directory = _END.unpack_from(tail, place)[4:6]
    if entries > MOST_ENTRIES or directory > LONGEST_DIRECTORY:  # 64-bit archives say 0xFFFF here
        raise ArchiveUnfit("too many entries")


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Entries that share bytes are how a small file holds a flood that no sum of sizes shows."""
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    following = [offset for offset, _size in places[1:]]
    return any(
        offset + _LOCAL_HEADER_BYTES + size > after for (offset, size), after in zip(places, following, strict=False)
    )
